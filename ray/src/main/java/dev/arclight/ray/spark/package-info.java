/**
 * The only package that touches Spark's internals ({@code private[spark]} in Scala, public to Java): the scheduler
 * backend and the executor's main. What breaks with a new Spark breaks here. Spark finds
 * {@link dev.arclight.ray.spark.RayClusterManager} by ServiceLoader.
 */
@NullMarked
package dev.arclight.ray.spark;

import org.jspecify.annotations.NullMarked;
