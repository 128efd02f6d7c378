package dev.arclight.ray;

import dev.arclight.base.ArclightException;
import dev.arclight.ray.fleet.Demand;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How big an executor is.
 *
 * @param cores task slots, at least 1
 * @param heapMiB Java heap
 * @param otherMiB what the process takes beside the heap: overhead, off-heap, Python workers
 * @param devices amounts by Spark's resource name, such as {@code gpu}
 */
public record ExecutorShape(int cores, long heapMiB, long otherMiB, Map<String, Long> devices) {
    private static final Pattern DEVICE = Pattern.compile("spark\\.executor\\.resource\\.([^.]+)\\.amount");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,12})\\s*([kmgtp]?)i?b?");
    static final long LEAST_OVERHEAD_MIB = 384;

    public ExecutorShape {
        if (cores < 1 || heapMiB < 1 || otherMiB < 0) {
            throw new IllegalArgumentException("cores=%d heapMiB=%d otherMiB=%d".formatted(cores, heapMiB, otherMiB));
        }
        devices = Map.copyOf(devices);
    }

    /**
     * The shape that Spark's settings describe.
     *
     * @throws ArclightException BAD_INPUT naming the key
     */
    public static ExecutorShape of(Map<String, String> spark) {
        long heap = mebibytes(spark, "spark.executor.memory", 1024);
        double factor = factor(spark);
        long overhead =
                mebibytes(spark, "spark.executor.memoryOverhead", Math.max(LEAST_OVERHEAD_MIB, (long) (heap * factor)));
        boolean offHeap = Boolean.parseBoolean(spark.getOrDefault("spark.memory.offHeap.enabled", "false"));
        long other = overhead
                + (offHeap ? bytesKey(spark, "spark.memory.offHeap.size") : 0)
                + mebibytes(spark, "spark.executor.pyspark.memory", 0);
        Map<String, Long> devices = new LinkedHashMap<>();
        spark.forEach((key, value) -> {
            Matcher matcher = DEVICE.matcher(key);
            if (matcher.matches()) {
                devices.put(matcher.group(1), whole(key, value, 1));
            }
        });
        return new ExecutorShape(
                (int) whole("spark.executor.cores", spark.getOrDefault("spark.executor.cores", "1"), 1),
                heap,
                other,
                devices);
    }

    /**
     * What Ray reserves for one executor: {@code CPU}, {@code memory}, {@code GPU} for Spark's {@code gpu}, other
     * devices under their own name, and what {@code settings} add.
     */
    public Demand demand(RaySettings settings) {
        Map<String, Double> resources = new HashMap<>();
        resources.put("CPU", settings.executorCpus().orElse(cores));
        if (settings.reserveMemory()) {
            resources.put("memory", (double) ((heapMiB + otherMiB) << 20));
        }
        devices.forEach((name, amount) -> resources.put(rayName(name), (double) amount));
        resources.putAll(settings.resources());
        return new Demand(resources);
    }

    /** Ray's name for one of Spark's resources. */
    static String rayName(String device) {
        return device.equals("gpu") ? "GPU" : device;
    }

    private static double factor(Map<String, String> spark) {
        String key = "spark.executor.memoryOverheadFactor";
        String text = spark.getOrDefault(key, "0.1");
        try {
            double factor = Double.parseDouble(text);
            if (factor >= 0 && factor < 100) {
                return factor;
            }
        } catch (NumberFormatException e) {
            throw ArclightException.badInput("%s is '%s': expected a number such as 0.1".formatted(key, text));
        }
        throw ArclightException.badInput("%s is '%s': expected a number such as 0.1".formatted(key, text));
    }

    /** Spark counts these in MiB where no unit is given. */
    static long mebibytes(Map<String, String> spark, String key, long otherwise) {
        String text = spark.get(key);
        return text == null ? otherwise : size(key, text, 1L << 20) >> 20;
    }

    /** Spark counts this one in bytes where no unit is given. */
    private static long bytesKey(Map<String, String> spark, String key) {
        return size(key, spark.getOrDefault(key, "0"), 1) >> 20;
    }

    private static long size(String key, String text, long unitOfBare) {
        Matcher matcher = SIZE.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw ArclightException.badInput("%s is '%s': expected a size such as 2g or 512m".formatted(key, text));
        }
        long unit = switch (matcher.group(2)) {
            case "k" -> 1L << 10;
            case "m" -> 1L << 20;
            case "g" -> 1L << 30;
            case "t" -> 1L << 40;
            case "p" -> 1L << 50;
            default -> unitOfBare;
        };
        return Math.multiplyExact(Long.parseLong(matcher.group(1)), unit);
    }

    static long whole(String key, String text, long least) {
        try {
            long value = Long.parseLong(text.strip());
            if (value >= least && value < 1_000_000) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw ArclightException.badInput("%s is '%s': expected a whole number from %d".formatted(key, text, least));
        }
        throw ArclightException.badInput("%s is '%s': expected a whole number from %d".formatted(key, text, least));
    }
}
