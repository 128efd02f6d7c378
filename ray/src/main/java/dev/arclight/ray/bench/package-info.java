/** Our side of the side-by-side measurements of Spark on Ray. Starts at {@link dev.arclight.ray.bench.BenchSession}. */
@NullMarked
package dev.arclight.ray.bench;

import org.jspecify.annotations.NullMarked;
