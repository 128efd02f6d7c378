package dev.arclight.azure.submit;

import dev.arclight.base.ArclightException;
import dev.arclight.engine.job.JobRequest;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What services that bring their own Spark have in common: the application is a jar, its settings are shown by the
 * service, and the shape of driver and executors stands beside them.
 *
 * @param driverMemory as Spark writes it
 * @param executorMemory as Spark writes it
 * @param further Spark's other settings
 */
record ManagedSpark(
        int driverCores,
        String driverMemory,
        int executorCores,
        String executorMemory,
        int executors,
        Map<String, String> further) {
    /** What Spark itself takes for a secret ({@code spark.redaction.regex}), and keys of storage accounts. */
    private static final Pattern SECRET = Pattern.compile("(?i)secret|password|token|access[.]?key|account[.]key|sas");

    private static final String DRIVER_CORES = "spark.driver.cores";
    private static final String DRIVER_MEMORY = "spark.driver.memory";
    private static final String EXECUTOR_CORES = "spark.executor.cores";
    private static final String EXECUTOR_MEMORY = "spark.executor.memory";
    private static final String EXECUTORS = "spark.executor.instances";
    private static final Set<String> SHAPE =
            Set.of(DRIVER_CORES, DRIVER_MEMORY, EXECUTOR_CORES, EXECUTOR_MEMORY, EXECUTORS);

    ManagedSpark {
        further = Map.copyOf(further);
    }

    /**
     * From a request.
     *
     * @throws ArclightException BAD_INPUT if it cannot run there
     */
    static ManagedSpark of(JobRequest request) {
        if (request.jars().isEmpty()) {
            throw ArclightException.badInput(
                    "Master '%s' runs jars that were built for the service's own Spark, and %s is a class of Arclight's, which needs Spark 4.1: submit a jar, or use master aml"
                            .formatted(request.master().text(), request.mainClass()));
        }
        Map<String, String> all = new TreeMap<>(Account.forDriver(request.spark()));
        all.keySet().removeIf(key -> key.startsWith("spark.hadoop.fs.azureml."));
        all.keySet().stream()
                .filter(key -> SECRET.matcher(key).find())
                .findFirst()
                .ifPresent(key -> {
                    throw ArclightException.badInput(
                            "Master '%s' shows Spark's settings to who may see the job, and %s looks like a secret: let the application read it from a key vault"
                                    .formatted(request.master().text(), key));
                });
        Map<String, String> further = new TreeMap<>(all);
        further.keySet().removeAll(SHAPE);
        return new ManagedSpark(
                number(all, DRIVER_CORES, 4),
                all.getOrDefault(DRIVER_MEMORY, "8g"),
                number(all, EXECUTOR_CORES, 4),
                all.getOrDefault(EXECUTOR_MEMORY, "8g"),
                number(all, EXECUTORS, 2),
                further);
    }

    private static int number(Map<String, String> settings, String key, int otherwise) {
        String text = settings.getOrDefault(key, String.valueOf(otherwise));
        if (!text.matches("[1-9]\\d{0,5}")) {
            throw ArclightException.badInput("%s is '%s', expected a number from 1".formatted(key, text));
        }
        return Integer.parseInt(text);
    }

    /** All of it as Spark's settings. */
    Map<String, String> settings() {
        Map<String, String> all = new TreeMap<>(further);
        all.put(DRIVER_CORES, String.valueOf(driverCores));
        all.put(DRIVER_MEMORY, driverMemory);
        all.put(EXECUTOR_CORES, String.valueOf(executorCores));
        all.put(EXECUTOR_MEMORY, executorMemory);
        all.put(EXECUTORS, String.valueOf(executors));
        return all;
    }

    /** The jars' names below the shipped folder, the application's own first. */
    static Map<String, Path> jars(JobRequest request) {
        return RequestFile.jars(request);
    }
}
