/**
 * Models that LightGBM trained, read from its text format and scored in pure Java. Start at
 * {@link dev.arclight.model.lightgbm.LightGbmFile}.
 */
@NullMarked
package dev.arclight.model.lightgbm;

import org.jspecify.annotations.NullMarked;
