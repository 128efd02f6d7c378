/**
 * Models defined in Python, trained by Ray Train on the session's own Ray cluster. Start at
 * {@link dev.arclight.raytrain.RayTrainEstimator}.
 */
@NullMarked
package dev.arclight.raytrain;

import org.jspecify.annotations.NullMarked;
