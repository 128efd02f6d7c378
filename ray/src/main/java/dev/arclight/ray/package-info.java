/**
 * Spark on Ray: the master {@code ray}, whose executors are actors on a Ray cluster. Start at
 * {@link dev.arclight.ray.spark.RayClusterManager} for how Spark finds us, at {@link dev.arclight.ray.fleet.Reconciler}
 * for how executors come and go, at {@link dev.arclight.ray.RaySettings} for what can be set.
 */
@NullMarked
package dev.arclight.ray;

import org.jspecify.annotations.NullMarked;
