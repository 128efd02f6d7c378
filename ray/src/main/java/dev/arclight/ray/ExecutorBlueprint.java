package dev.arclight.ray;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.engine.JvmOptions;
import dev.arclight.ray.fleet.Blueprint;
import dev.arclight.ray.fleet.Demand;
import dev.arclight.ray.link.ActorRequest;
import dev.arclight.ray.link.ActorRequest.GroupSlot;
import dev.arclight.ray.link.RayLink;
import dev.arclight.ray.link.RayNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/** The executors of a session, from its settings. Safe for use by many threads. */
public final class ExecutorBlueprint implements Blueprint {
    private static final Duration RESERVE = Duration.ofSeconds(20);
    /** Ray's serialiser (FST) reaches into these when an exception crosses to another process. */
    static final List<String> RAY_OPENS =
            List.of("--add-opens=java.base/java.math=ALL-UNNAMED", "--add-opens=java.base/java.text=ALL-UNNAMED");

    private static final String ENVIRONMENT = "spark.executorEnv.";
    /** A node has 1 of the resource that bears its address; this little of it means "there". */
    private static final double THERE = 0.001;

    private final String application;
    private final RaySettings settings;
    private final Map<String, String> spark;
    private final ExecutorClassPath classPath;
    private final int reserved;
    private final Map<Integer, ExecutorShape> shapes = new ConcurrentHashMap<>();
    private volatile List<Integer> bundles = List.of();

    /**
     * @param spark Spark's settings
     * @param reserved how many bundles a placement group made for the session has
     */
    ExecutorBlueprint(
            String application,
            RaySettings settings,
            Map<String, String> spark,
            ExecutorClassPath classPath,
            int reserved) {
        this.application = application;
        this.settings = settings;
        this.spark = Map.copyOf(spark);
        this.classPath = classPath;
        this.reserved = reserved;
        shapes.put(0, ExecutorShape.of(spark));
    }

    /** The shape of a resource profile's executors. */
    public ExecutorShape shape(int profile) {
        ExecutorShape shape = shapes.get(profile);
        if (shape == null) {
            throw new IllegalStateException("No shape for resource profile " + profile);
        }
        return shape;
    }

    /** Makes a resource profile known. */
    public void shape(int profile, ExecutorShape shape) {
        shapes.put(profile, shape);
    }

    @Override
    public Demand demand(int profile) {
        return shape(profile).demand(settings);
    }

    @Override
    public List<RayNode> among(List<RayNode> nodes) {
        List<String> named = settings.nodes();
        return named.isEmpty()
                ? nodes
                : nodes.stream().filter(node -> named.contains(node.address())).toList();
    }

    @Override
    public void prepare(RayLink link) {
        if (settings.strategy().isPresent()) {
            reserve(link, settings.strategy().get());
        } else if (settings.group().isPresent()) {
            useExisting(link, settings.group().get());
        } else if (!settings.nodes().isEmpty()) {
            requireNodes(link.nodes());
        }
    }

    private void reserve(RayLink link, String strategy) {
        Map<String, Double> each = demand(0).resources();
        if (!link.reserve(groupName(), strategy, Collections.nCopies(reserved, each), RESERVE)) {
            List<RayNode> alive = link.nodes().stream().filter(RayNode::alive).toList();
            throw new ArclightException(
                    ErrorCode.UNAVAILABLE,
                    "No room for %d executors placed %s, each %s, within %d s: the cluster has %d nodes with %s"
                            .formatted(
                                    reserved,
                                    strategy,
                                    demand(0).describe(),
                                    RESERVE.toSeconds(),
                                    alive.size(),
                                    String.join(
                                            "; ",
                                            alive.stream()
                                                    .map(node -> totals(node, each))
                                                    .toList())));
        }
        bundles = IntStream.range(0, reserved).boxed().toList();
    }

    private void useExisting(RayLink link, String group) {
        List<Map<String, Double>> existing = link.bundles(group);
        List<Integer> chosen = settings.bundles().isEmpty()
                ? IntStream.range(0, existing.size()).boxed().toList()
                : settings.bundles();
        for (int index : chosen) {
            if (index >= existing.size()) {
                throw ArclightException.badInput(
                        "%splacement-bundles names bundle %d, but placement group '%s' has bundles 0 to %d"
                                .formatted(RaySettings.PREFIX, index, group, existing.size() - 1));
            }
            RayNode asNode = new RayNode("", "", true, existing.get(index));
            if (!asNode.canHold(demand(0).resources())) {
                throw ArclightException.badInput("Bundle %d of placement group '%s' has %s, but an executor needs %s"
                        .formatted(
                                index,
                                group,
                                totals(asNode, demand(0).resources()),
                                demand(0).describe()));
            }
        }
        bundles = List.copyOf(chosen);
    }

    private void requireNodes(List<RayNode> nodes) {
        List<String> alive =
                nodes.stream().filter(RayNode::alive).map(RayNode::address).toList();
        for (String wanted : settings.nodes()) {
            if (!alive.contains(wanted)) {
                throw ArclightException.badInput("%snodes names %s, which is no living node of the cluster: it has %s"
                        .formatted(RaySettings.PREFIX, wanted, String.join(", ", alive)));
            }
        }
    }

    @Override
    public ActorRequest request(String name, int profile, int place) {
        ExecutorShape shape = shape(profile);
        Map<String, Double> resources = new HashMap<>(demand(profile).resources());
        if (!settings.nodes().isEmpty()) {
            resources.put(
                    "node:" + settings.nodes().get(place % settings.nodes().size()), THERE);
        }
        return new ActorRequest(name, jvmOptions(shape, name), resources, environment(), slot(place));
    }

    private Optional<GroupSlot> slot(int place) {
        List<Integer> known = bundles;
        if (known.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new GroupSlot(settings.group().orElseGet(this::groupName), known.get(place % known.size())));
    }

    private String groupName() {
        return application + "-executors";
    }

    private List<String> jvmOptions(ExecutorShape shape, String name) {
        List<String> given = new ArrayList<>();
        for (String key : List.of("spark.executor.defaultJavaOptions", "spark.executor.extraJavaOptions")) {
            String text = spark.getOrDefault(key, "").strip();
            if (!text.isEmpty()) {
                given.addAll(Arrays.asList(text.replace("{{APP_ID}}", application)
                        .replace("{{EXECUTOR_ID}}", name.substring(name.lastIndexOf('-') + 1))
                        .split("\\s+")));
            }
        }
        given.addAll(settings.javaOptions());
        List<String> options = new ArrayList<>();
        options.add("-Xmx" + shape.heapMiB() + "m");
        options.addAll(JvmOptions.all());
        options.addAll(RAY_OPENS);
        options.addAll(classPath.archiveOptions());
        options.addAll(WorkerJvm.frugal(shape, given));
        options.addAll(given);
        // Last wins: this replaces the class path that Ray gives its workers, Ray's jar alone.
        options.add("-cp");
        options.add(settings.classPath().orElseGet(classPath::text));
        return options;
    }

    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>();
        spark.forEach((key, value) -> {
            if (key.startsWith(ENVIRONMENT)) {
                environment.put(key.substring(ENVIRONMENT.length()), value);
            }
        });
        return environment;
    }

    private static String totals(RayNode node, Map<String, Double> like) {
        Map<String, Double> has = new HashMap<>();
        like.keySet().forEach(name -> has.put(name, node.amount(name)));
        return new Demand(has).describe();
    }
}
