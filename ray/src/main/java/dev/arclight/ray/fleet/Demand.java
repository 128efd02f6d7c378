package dev.arclight.ray.fleet;

import dev.arclight.ray.link.RayNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one executor takes from the cluster.
 *
 * @param resources by Ray's names; {@code memory} in bytes
 */
public record Demand(Map<String, Double> resources) {
    private static final double GIB = 1L << 30;

    public Demand {
        resources.forEach((name, amount) -> {
            if (!(amount >= 0)) {
                throw new IllegalArgumentException("Resource %s=%s, expected at least 0".formatted(name, amount));
            }
        });
        resources = Map.copyOf(resources);
    }

    /** Whether some living node could hold it if nothing else ran there. */
    public boolean fitsSomeNode(List<RayNode> nodes) {
        return nodes.stream().anyMatch(node -> node.canHold(resources));
    }

    /** Why no node can ever hold it: {@code "needs 8 CPU, 16 GiB; the largest node has 2 CPU, 23.1 GiB"}. */
    public String comparedWith(List<RayNode> nodes) {
        List<RayNode> alive = nodes.stream().filter(RayNode::alive).toList();
        if (alive.isEmpty()) {
            return "an executor needs %s; the cluster has no living node".formatted(describe());
        }
        // The node that offers most of what is missing is the one worth telling.
        RayNode best = alive.stream()
                .min(Comparator.comparingLong((RayNode node) -> lacking(node).size())
                        .thenComparing(Comparator.comparingDouble((RayNode node) -> node.amount("CPU"))
                                .reversed()))
                .orElseThrow();
        Map<String, Double> has = new TreeMap<>();
        resources.keySet().forEach(name -> has.put(name, best.amount(name)));
        return "an executor needs %s; the largest node has %s".formatted(describe(), new Demand(has).describe());
    }

    /** Such as {@code 8 CPU, 16 GiB, 1 GPU}. */
    public String describe() {
        List<String> parts = new ArrayList<>();
        Map<String, Double> rest = new TreeMap<>(resources);
        Double cpu = rest.remove("CPU");
        Double memory = rest.remove("memory");
        if (cpu != null) {
            parts.add(number(cpu) + " CPU");
        }
        if (memory != null) {
            parts.add(number(memory / GIB) + " GiB");
        }
        rest.forEach((name, amount) ->
                parts.add(name.startsWith("node:") ? "node " + name.substring(5) : number(amount) + " " + name));
        return parts.isEmpty() ? "nothing" : String.join(", ", parts);
    }

    private List<String> lacking(RayNode node) {
        return resources.entrySet().stream()
                .filter(e -> node.amount(e.getKey()) + 1e-4 < e.getValue())
                .map(Map.Entry::getKey)
                .toList();
    }

    private static String number(double value) {
        return value == Math.rint(value)
                ? String.valueOf((long) value)
                : String.format(Locale.ROOT, value < 0.1 ? "%.3f" : "%.1f", value);
    }
}
