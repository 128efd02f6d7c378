package dev.arclight.ray.link;

import java.util.Map;

/**
 * A node of the cluster, as it is in total (not what is free of it).
 *
 * @param id Ray's id, hexadecimal
 * @param address IP address
 * @param alive whether it may run anything
 * @param resources by Ray's names: {@code CPU}, {@code GPU}, {@code memory} in bytes, {@code node:ADDRESS}, custom ones
 */
public record RayNode(String id, String address, boolean alive, Map<String, Double> resources) {
    public RayNode {
        resources = Map.copyOf(resources);
    }

    /** The amount of a resource, 0 if the node has none of it. */
    public double amount(String resource) {
        return resources.getOrDefault(resource, 0.0);
    }

    /** Whether {@code demand} would fit if nothing else ran here. */
    public boolean canHold(Map<String, Double> demand) {
        // Ray counts in ten-thousandths.
        return alive && demand.entrySet().stream().allMatch(e -> amount(e.getKey()) + 1e-4 >= e.getValue());
    }
}
