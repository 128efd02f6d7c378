/**
 * Models inside Spark's own plans. The one place that uses Spark's internals (catalyst expressions, plans and column
 * vectors, which may change between minor releases of Spark); everything else in this module uses its public API. Start
 * at {@link dev.arclight.learn.spark.ScorePlanning}.
 */
@NullMarked
package dev.arclight.learn.spark;

import org.jspecify.annotations.NullMarked;
