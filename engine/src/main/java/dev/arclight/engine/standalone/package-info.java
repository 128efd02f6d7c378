/**
 * A Spark standalone cluster on this machine, real master and worker processes of Spark's own classes, for
 * {@code arclight cluster}. Start at {@link dev.arclight.engine.standalone.StandaloneCluster}.
 */
@NullMarked
package dev.arclight.engine.standalone;

import org.jspecify.annotations.NullMarked;
