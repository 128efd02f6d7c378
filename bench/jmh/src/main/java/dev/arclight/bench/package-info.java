/** Microbenchmarks of hot loops. Start at {@link dev.arclight.bench.ForestBenchmark}. */
@NullMarked
package dev.arclight.bench;

import org.jspecify.annotations.NullMarked;
