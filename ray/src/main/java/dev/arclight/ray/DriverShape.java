package dev.arclight.ray;

import dev.arclight.engine.JvmOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * How big a submitted driver is, by Spark's own settings for it.
 *
 * @param cores {@code spark.driver.cores}
 * @param heapMiB {@code spark.driver.memory}
 * @param otherMiB {@code spark.driver.memoryOverhead}
 * @param javaOptions {@code spark.driver.extraJavaOptions}
 */
record DriverShape(int cores, long heapMiB, long otherMiB, List<String> javaOptions) {
    DriverShape {
        javaOptions = List.copyOf(javaOptions);
    }

    /** @throws dev.arclight.base.ArclightException BAD_INPUT naming the key */
    static DriverShape of(Map<String, String> spark) {
        long heap = ExecutorShape.mebibytes(spark, "spark.driver.memory", 1024);
        String options = spark.getOrDefault("spark.driver.extraJavaOptions", "").strip();
        return new DriverShape(
                (int) ExecutorShape.whole("spark.driver.cores", spark.getOrDefault("spark.driver.cores", "1"), 1),
                heap,
                ExecutorShape.mebibytes(
                        spark, "spark.driver.memoryOverhead", Math.max(ExecutorShape.LEAST_OVERHEAD_MIB, heap / 10)),
                options.isEmpty() ? List.of() : Arrays.asList(options.split("\\s+")));
    }

    /** What Ray reserves. */
    Map<String, Double> resources() {
        return Map.of("CPU", (double) cores, "memory", (double) ((heapMiB + otherMiB) << 20));
    }

    List<String> jvmOptions(ExecutorClassPath classPath, RaySettings settings) {
        List<String> options = new ArrayList<>();
        options.add("-Xmx" + heapMiB + "m");
        options.addAll(JvmOptions.all());
        options.addAll(ExecutorBlueprint.RAY_OPENS);
        options.addAll(classPath.archiveOptions());
        options.add("-Djava.security.manager=allow"); // see ExitWatch
        options.addAll(javaOptions);
        options.add("-cp");
        options.add(settings.classPath().orElseGet(classPath::text));
        return options;
    }
}
