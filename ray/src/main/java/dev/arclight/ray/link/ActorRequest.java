package dev.arclight.ray.link;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An executor process to be made.
 *
 * @param name unique in the cluster, shown in the dashboard
 * @param jvmOptions visible to whoever sees the node's processes: no secrets
 * @param resources what Ray reserves for it, by Ray's names
 * @param environment variables added to the process; kept by Ray's GCS and dashboard: no secrets
 * @param slot the place in a placement group, if any
 */
public record ActorRequest(
        String name,
        List<String> jvmOptions,
        Map<String, Double> resources,
        Map<String, String> environment,
        Optional<GroupSlot> slot) {
    public ActorRequest {
        jvmOptions = List.copyOf(jvmOptions);
        resources = Map.copyOf(resources);
        environment = Map.copyOf(environment);
    }

    /**
     * A bundle of a placement group.
     *
     * @param group name or hexadecimal id
     * @param bundle index from 0
     */
    public record GroupSlot(String group, int bundle) {}
}
