/**
 * The classes that name Ray's own: the driver's side in {@link dev.arclight.ray.actor.NativeRayLink}, the worker's in
 * {@link dev.arclight.ray.actor.ExecutorActor}. Public Ray API only. On the driver they live in a class loader without
 * Spark, so nothing here may touch Spark on that side.
 */
@NullMarked
package dev.arclight.ray.actor;

import org.jspecify.annotations.NullMarked;
