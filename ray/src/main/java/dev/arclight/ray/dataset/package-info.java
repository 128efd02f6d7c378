/**
 * DataFrames as Ray Datasets and back. Start at {@link dev.arclight.ray.dataset.Exchange}, or say
 * {@code df.write().format("ray").save("trips")} and {@code spark.read().format("ray").load("trips")}.
 *
 * <p>Blocks belong to the directory, a small Python actor that is found by name from every process: it calls the
 * executors for each block, and what an actor's method returns belongs to who called. So blocks outlive executors, and
 * the driver too.
 */
@NullMarked
package dev.arclight.ray.dataset;

import org.jspecify.annotations.NullMarked;
