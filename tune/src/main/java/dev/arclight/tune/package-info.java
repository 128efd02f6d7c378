/**
 * Search spaces, samplers, pruners and parallel trials. Start at {@link dev.arclight.tune.Study}.
 *
 * <p>The law of this room: with the same space, seed and objective, a study suggests the same parameters whatever its
 * parallelism (1 to 4) and whatever the speed of its trials.
 */
@NullMarked
package dev.arclight.tune;

import org.jspecify.annotations.NullMarked;
