/** Trials of studies as Spark tasks. Start at {@link dev.arclight.trials.SparkTrials}. */
@NullMarked
package dev.arclight.trials;

import org.jspecify.annotations.NullMarked;
