/**
 * YARN and Kubernetes, by the clients that a Spark installation ({@code SPARK_HOME}) brings: they are not part of this
 * program. Start at {@link dev.arclight.engine.sparkhome.SparkHome}.
 */
@NullMarked
package dev.arclight.engine.sparkhome;

import org.jspecify.annotations.NullMarked;
