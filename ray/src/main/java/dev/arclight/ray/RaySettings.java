package dev.arclight.ray;

import dev.arclight.base.ArclightException;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;

/**
 * What can be set about executors on Ray, from Spark's settings. Spark's own keys keep their meaning
 * ({@code spark.executor.instances}, {@code .cores}, {@code .memory}, {@code .memoryOverhead},
 * {@code .resource.NAME.amount}, {@code spark.memory.offHeap.*}, {@code spark.dynamicAllocation.*}); the others begin
 * with {@code spark.arclight.ray.}. RayDP's keys are accepted where they mean the same.
 *
 * @param executorCpus {@code executor-cpus}: CPUs that an executor reserves of Ray; may be a fraction, and less than
 *     its task slots; empty for as many as {@code spark.executor.cores}
 * @param reserveMemory {@code reserve-memory}: whether an executor reserves its memory (heap, overhead and off-heap) of
 *     Ray
 * @param resources {@code resource.NAME}: further resources of Ray that an executor reserves, such as
 *     {@code resource.accelerator_type:A100=0.001}
 * @param strategy {@code placement-strategy}: PACK, SPREAD, STRICT_PACK or STRICT_SPREAD for a placement group made for
 *     the session's executors
 * @param group {@code placement-group}: name or id of an existing placement group to run in
 * @param bundles {@code placement-bundles}: the bundles of that group to use, one executor each; empty for all
 * @param nodes {@code nodes}: IP addresses of the nodes to run on, in turn; empty for any
 * @param neverFits {@code give-up-after}: how long executors that no node can hold stay with Ray before jobs fail;
 *     longer where an autoscaler adds nodes
 * @param headTimeout {@code head-timeout}: how long the cluster's head may be silent before jobs fail; less than the
 *     {@code RAY_gcs_rpc_server_reconnect_timeout_s} (60 s) after which Ray ends the process
 * @param javaOptions {@code java-options}: further JVM options of executors, beside
 *     {@code spark.executor.extraJavaOptions}
 * @param classPath {@code class-path}: class path of executors; empty for the driver's
 * @param jar {@code jar}: Ray's {@code ray_dist.jar}, or the folder of the Python package it is in; empty to look for
 *     it
 * @param tokenFile {@code token-file}: the file that holds the cluster's token; empty for what Ray's own environment
 *     variables say. Ray reads one token a process
 * @param deprecated RayDP's keys that were used, each with the key that is meant now
 */
public record RaySettings(
        OptionalDouble executorCpus,
        boolean reserveMemory,
        Map<String, Double> resources,
        Optional<String> strategy,
        Optional<String> group,
        List<Integer> bundles,
        List<String> nodes,
        Duration neverFits,
        Duration headTimeout,
        List<String> javaOptions,
        Optional<String> classPath,
        Optional<String> jar,
        Optional<String> tokenFile,
        Map<String, String> deprecated) {
    public static final String PREFIX = "spark.arclight.ray.";

    private static final Set<String> STRATEGIES = Set.of("PACK", "SPREAD", "STRICT_PACK", "STRICT_SPREAD");
    private static final String RAYDP_RESOURCE = "spark.ray.raydp_spark_executor.actor.resource.";
    private static final String RAYDP_OLD_RESOURCE = "spark.ray.actor.resource.";

    public RaySettings {
        resources = Map.copyOf(resources);
        bundles = List.copyOf(bundles);
        nodes = List.copyOf(nodes);
        javaOptions = List.copyOf(javaOptions);
        deprecated = Map.copyOf(deprecated);
    }

    /**
     * Reads the settings.
     *
     * @throws ArclightException BAD_INPUT naming the key, what was seen and what is expected
     */
    public static RaySettings of(Map<String, String> spark) {
        Map<String, String> renamed = new LinkedHashMap<>();
        Map<String, String> ours = new TreeMap<>();
        spark.forEach((key, value) -> {
            String now = current(key);
            if (now.startsWith(PREFIX)) {
                if (!now.equals(key)) {
                    renamed.put(key, now);
                    ours.putIfAbsent(now.substring(PREFIX.length()), value);
                } else {
                    ours.put(now.substring(PREFIX.length()), value);
                }
            }
        });
        Reader reader = new Reader(ours);
        RaySettings settings = new RaySettings(
                reader.number("executor-cpus").map(OptionalDouble::of).orElseGet(OptionalDouble::empty),
                reader.flag("reserve-memory", true),
                reader.resources(),
                reader.text("placement-strategy").map(RaySettings::strategy),
                reader.text("placement-group"),
                reader.list("placement-bundles").stream()
                        .map(RaySettings::bundle)
                        .toList(),
                reader.list("nodes"),
                reader.seconds("give-up-after", Duration.ofSeconds(20)),
                reader.seconds("head-timeout", Duration.ofSeconds(40)),
                reader.text("java-options")
                        .map(text -> List.of(text.strip().split("\\s+")))
                        .orElse(List.of()),
                reader.text("class-path"),
                reader.text("jar"),
                reader.text("token-file"),
                renamed);
        reader.refuseUnknown();
        settings.refuseContradictions(spark);
        return settings;
    }

    /** {@code environment} with what these settings say instead. */
    Map<String, String> over(Map<String, String> environment) {
        Map<String, String> result = new LinkedHashMap<>(environment);
        jar.ifPresent(path -> result.put("ARCLIGHT_RAY_JAR", path));
        tokenFile.ifPresent(path -> {
            result.put("RAY_AUTH_TOKEN_PATH", path);
            result.remove("RAY_AUTH_TOKEN");
            result.putIfAbsent("RAY_AUTH_MODE", "token");
        });
        return result;
    }

    private static String current(String key) {
        if (key.equals("spark.ray.placement_group")) {
            return PREFIX + "placement-group";
        }
        if (key.equals("spark.ray.bundle_indexes")) {
            return PREFIX + "placement-bundles";
        }
        for (String old : List.of(RAYDP_RESOURCE, RAYDP_OLD_RESOURCE)) {
            if (key.startsWith(old)) {
                String name = key.substring(old.length());
                return PREFIX
                        + (name.equalsIgnoreCase("cpu")
                                ? "executor-cpus"
                                : "resource." + (name.equalsIgnoreCase("gpu") ? "GPU" : name));
            }
        }
        return key;
    }

    private static String strategy(String text) {
        String upper = text.toUpperCase(Locale.ROOT);
        if (!STRATEGIES.contains(upper)) {
            throw bad("placement-strategy", text, "PACK, SPREAD, STRICT_PACK or STRICT_SPREAD");
        }
        return upper;
    }

    private static int bundle(String text) {
        try {
            int index = Integer.parseInt(text);
            if (index >= 0) {
                return index;
            }
        } catch (NumberFormatException e) {
            throw bad("placement-bundles", text, "bundle indexes from 0, separated by commas");
        }
        throw bad("placement-bundles", text, "bundle indexes from 0, separated by commas");
    }

    private void refuseContradictions(Map<String, String> spark) {
        boolean dynamic = Boolean.parseBoolean(spark.getOrDefault("spark.dynamicAllocation.enabled", "false"));
        if (strategy.isPresent() && dynamic) {
            throw ArclightException.badInput(
                    PREFIX
                            + "placement-strategy needs a fixed number of executors: turn spark.dynamicAllocation.enabled off, or leave the placement to Ray");
        }
        if (strategy.isPresent() && group.isPresent()) {
            throw ArclightException.badInput(
                    "%splacement-strategy makes a new placement group and %splacement-group names an existing one: set one of them"
                            .formatted(PREFIX, PREFIX));
        }
        if (!bundles.isEmpty() && group.isEmpty()) {
            throw ArclightException.badInput(
                    "%splacement-bundles are bundles of %splacement-group, which is not set".formatted(PREFIX, PREFIX));
        }
        if (!nodes.isEmpty() && (group.isPresent() || strategy.isPresent())) {
            throw ArclightException.badInput(
                    "%snodes cannot be combined with a placement group: its bundles say where executors run"
                            .formatted(PREFIX));
        }
    }

    private static ArclightException bad(String key, String seen, String expected) {
        return ArclightException.badInput("%s%s is '%s': expected %s".formatted(PREFIX, key, seen, expected));
    }

    /** Takes keys out of a map and knows what nobody asked for. */
    private static final class Reader {
        private static final Set<String> INTERNAL = Set.of("session");

        private final Map<String, String> left;

        Reader(Map<String, String> values) {
            left = new TreeMap<>(values);
            left.keySet().removeAll(INTERNAL);
        }

        Optional<String> text(String key) {
            return Optional.ofNullable(left.remove(key)).map(String::strip).filter(value -> !value.isEmpty());
        }

        Optional<Double> number(String key) {
            return text(key).map(value -> amount(key, value));
        }

        boolean flag(String key, boolean otherwise) {
            Optional<String> value = text(key);
            if (value.isPresent() && !Set.of("true", "false").contains(value.get())) {
                throw bad(key, value.get(), "true or false");
            }
            return value.map(Boolean::parseBoolean).orElse(otherwise);
        }

        List<String> list(String key) {
            return text(key)
                    .map(value -> Arrays.stream(value.split(",", -1))
                            .map(String::strip)
                            .toList())
                    .orElse(List.of());
        }

        Duration seconds(String key, Duration otherwise) {
            Optional<String> value = text(key);
            if (value.isEmpty()) {
                return otherwise;
            }
            String digits = value.get().endsWith("s")
                    ? value.get().substring(0, value.get().length() - 1)
                    : value.get();
            if (digits.isEmpty() || digits.length() > 9 || !digits.chars().allMatch(Character::isDigit)) {
                throw bad(key, value.get(), "seconds, such as 300s");
            }
            return Duration.ofSeconds(Long.parseLong(digits));
        }

        Map<String, Double> resources() {
            Map<String, Double> found = new LinkedHashMap<>();
            left.forEach((key, value) -> {
                if (key.startsWith("resource.")) {
                    found.put(key.substring("resource.".length()), amount(key, value));
                }
            });
            left.keySet().removeIf(key -> key.startsWith("resource."));
            return found;
        }

        void refuseUnknown() {
            if (!left.isEmpty()) {
                String key = left.keySet().iterator().next();
                throw ArclightException.badInput(
                        "There is no setting %s%s: there are executor-cpus, reserve-memory, resource.NAME, placement-strategy, placement-group, placement-bundles, nodes, give-up-after, head-timeout, java-options, class-path, jar and token-file"
                                .formatted(PREFIX, key));
            }
        }

        private static double amount(String key, String value) {
            try {
                double amount = Double.parseDouble(value);
                if (amount > 0 && amount < 1e15) {
                    return amount;
                }
            } catch (NumberFormatException e) {
                throw bad(key, value, "a number above 0");
            }
            throw bad(key, value, "a number above 0");
        }
    }
}
