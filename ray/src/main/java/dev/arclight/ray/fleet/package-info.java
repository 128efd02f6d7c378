/**
 * Which executors there should be and what is done about it. The decisions are pure
 * ({@link dev.arclight.ray.fleet.Reconciler}); {@link dev.arclight.ray.fleet.Fleet} carries them out through a
 * {@link dev.arclight.ray.link.RayLink}. Nothing here names Spark.
 */
@NullMarked
package dev.arclight.ray.fleet;

import org.jspecify.annotations.NullMarked;
