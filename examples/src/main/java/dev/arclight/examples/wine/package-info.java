/**
 * Wine quality, from raw tables to a served model. {@link dev.arclight.examples.wine.WineLifecycle} is the program to
 * read; {@code arclight demo wine} is the same with a report.
 */
@NullMarked
package dev.arclight.examples.wine;

import org.jspecify.annotations.NullMarked;
