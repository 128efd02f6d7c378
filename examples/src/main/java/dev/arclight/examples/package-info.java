/**
 * Arclight as a user would write it, and the {@code demo} commands. Start at
 * {@link dev.arclight.examples.wine.WineLifecycle}.
 */
@NullMarked
package dev.arclight.examples;

import org.jspecify.annotations.NullMarked;
