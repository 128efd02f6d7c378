/**
 * What everything needs and nothing of Spark: errors, configuration, progress, atomic files, commands, charts and the
 * report page.
 */
@NullMarked
package dev.arclight.base;

import org.jspecify.annotations.NullMarked;
