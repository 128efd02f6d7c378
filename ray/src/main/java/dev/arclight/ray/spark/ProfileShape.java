package dev.arclight.ray.spark;

import dev.arclight.ray.ExecutorShape;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.spark.resource.ExecutorResourceRequest;
import org.apache.spark.resource.ResourceProfile;
import scala.jdk.javaapi.CollectionConverters;

/** The shape of executors of a stage-level resource profile: what it does not say is as in the default one. */
final class ProfileShape {
    private ProfileShape() {}

    static ExecutorShape of(ResourceProfile profile, ExecutorShape otherwise) {
        Map<String, ExecutorResourceRequest> requests = CollectionConverters.asJava(profile.executorResources());
        int cores = (int) amount(requests, ResourceProfile.CORES(), otherwise.cores());
        long heap = amount(requests, ResourceProfile.MEMORY(), otherwise.heapMiB());
        long overhead = amount(requests, ResourceProfile.OVERHEAD_MEM(), -1);
        long others =
                amount(requests, ResourceProfile.OFFHEAP_MEM(), 0) + amount(requests, ResourceProfile.PYSPARK_MEM(), 0);
        long other = overhead < 0 ? Math.max(otherwise.otherMiB(), others) : overhead + others;
        Map<String, Long> devices = new HashMap<>();
        requests.forEach((name, request) -> {
            if (!Set.of(ResourceProfile.allSupportedExecutorResources()).contains(name)) {
                devices.put(name, request.amount());
            }
        });
        return new ExecutorShape(cores, heap, other, devices);
    }

    private static long amount(Map<String, ExecutorResourceRequest> requests, String name, long otherwise) {
        ExecutorResourceRequest request = requests.get(name);
        return request == null ? otherwise : request.amount();
    }
}
