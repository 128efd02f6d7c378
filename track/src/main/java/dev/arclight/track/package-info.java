/** Runs, params, metrics, artifacts, models and the registry. */
@NullMarked
package dev.arclight.track;

import org.jspecify.annotations.NullMarked;
