package dev.arclight.ray;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.base.ArclightException;
import dev.arclight.ray.fleet.Demand;
import dev.arclight.ray.link.RayNode;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RaySettingsTest {
    @Test
    void memoryIsHeapAndOverheadAndOffHeap() {
        ExecutorShape shape = ExecutorShape.of(Map.of(
                "spark.executor.memory", "8g",
                "spark.executor.cores", "3",
                "spark.memory.offHeap.enabled", "true",
                "spark.memory.offHeap.size", "1073741824"));
        // Spark's own rule: overhead is a tenth of the heap, at least 384 MiB.
        assertThat(shape).isEqualTo(new ExecutorShape(3, 8192, 819 + 1024, Map.of()));
        assertThat(ExecutorShape.of(Map.of())).isEqualTo(new ExecutorShape(1, 1024, 384, Map.of()));
        assertThat(ExecutorShape.of(Map.of("spark.executor.memory", "512")).heapMiB())
                .isEqualTo(512);
    }

    @Test
    void anExecutorReservesWhatItUses() {
        Map<String, String> spark = Map.of(
                "spark.executor.cores", "4",
                "spark.executor.resource.gpu.amount", "2",
                "spark.executor.resource.fpga.amount", "1",
                "spark.arclight.ray.executor-cpus", "0.5",
                "spark.arclight.ray.resource.rack7", "0.25");
        Demand demand = ExecutorShape.of(spark).demand(RaySettings.of(spark));
        assertThat(demand.resources())
                .isEqualTo(Map.of("CPU", 0.5, "memory", 1408.0 * (1 << 20), "GPU", 2.0, "fpga", 1.0, "rack7", 0.25));
    }

    @Test
    void rayDpsNamesAreTakenAndTold() {
        RaySettings settings = RaySettings.of(Map.of(
                "spark.ray.raydp_spark_executor.actor.resource.cpu", "0.1",
                "spark.ray.raydp_spark_executor.actor.resource.spark_executor", "1"));
        assertThat(settings.executorCpus()).hasValue(0.1);
        assertThat(settings.resources()).isEqualTo(Map.of("spark_executor", 1.0));
        assertThat(settings.deprecated())
                .containsEntry("spark.ray.raydp_spark_executor.actor.resource.cpu", "spark.arclight.ray.executor-cpus");
    }

    @Test
    void wrongValuesAreNamedWithWhatIsExpected() {
        refused(
                Map.of("executor-cpus", "many"),
                "spark.arclight.ray.executor-cpus is 'many': expected a number above 0");
        refused(Map.of("placement-strategy", "SCATTER"), "expected PACK, SPREAD, STRICT_PACK or STRICT_SPREAD");
        refused(Map.of("executor-cpu", "1"), "There is no setting spark.arclight.ray.executor-cpu");
        refused(Map.of("placement-bundles", "0,x", "placement-group", "g"), "bundle indexes from 0");
        refused(Map.of("placement-bundles", "0"), "which is not set");
        refused(Map.of("give-up-after", "soon"), "expected seconds, such as 300s");
        refused(Map.of("nodes", "10.0.0.1", "placement-strategy", "PACK"), "cannot be combined");
        assertThatThrownBy(() -> ExecutorShape.of(Map.of("spark.executor.memory", "lots")))
                .isInstanceOf(ArclightException.class)
                .hasMessage("spark.executor.memory is 'lots': expected a size such as 2g or 512m");
    }

    @Test
    void strategyAndPatienceAreRead() {
        RaySettings settings = RaySettings.of(Map.of(
                "spark.arclight.ray.placement-strategy", "spread",
                "spark.arclight.ray.give-up-after", "300s",
                "spark.arclight.ray.head-timeout", "50s"));
        assertThat(settings.strategy()).contains("SPREAD");
        assertThat(settings.neverFits()).isEqualTo(Duration.ofMinutes(5));
        assertThat(settings.headTimeout()).isEqualTo(Duration.ofSeconds(50));
    }

    /**
     * Else what no named node holds would wait for one that is not asked, and a trouble of all would seem one of few.
     */
    @Test
    void onlyTheNodesThatAreNamedCount() {
        List<RayNode> nodes = List.of(
                new RayNode("a", "10.0.0.1", true, Map.of("CPU", 1.0)),
                new RayNode("b", "10.0.0.2", true, Map.of("CPU", 1.0)),
                new RayNode("c", "10.0.0.3", true, Map.of("CPU", 64.0)));
        assertThat(blueprint(Map.of()).among(nodes)).isEqualTo(nodes);
        assertThat(blueprint(Map.of("spark.arclight.ray.nodes", "10.0.0.1,10.0.0.2"))
                        .among(nodes))
                .isEqualTo(nodes.subList(0, 2));
    }

    private static ExecutorBlueprint blueprint(Map<String, String> spark) {
        return new ExecutorBlueprint("app", RaySettings.of(spark), spark, new ExecutorClassPath("", List.of()), 1);
    }

    @Test
    void whatIsLackingIsComparedWithTheNodeThatLacksLeast() {
        Demand demand = new Demand(Map.of("CPU", 2.0, "GPU", 1.0));
        List<RayNode> nodes = List.of(
                new RayNode("a", "10.0.0.1", true, Map.of("CPU", 1.0)),
                new RayNode("b", "10.0.0.2", true, Map.of("CPU", 64.0)),
                new RayNode("c", "10.0.0.3", false, Map.of("CPU", 64.0, "GPU", 8.0)));
        assertThat(demand.fitsSomeNode(nodes)).isFalse();
        assertThat(demand.comparedWith(nodes))
                .isEqualTo("an executor needs 2 CPU, 1 GPU; the largest node has 64 CPU, 0 GPU");
    }

    private static void refused(Map<String, String> ours, String sentence) {
        Map<String, String> spark = new HashMap<>();
        ours.forEach((key, value) -> spark.put(RaySettings.PREFIX + key, value));
        assertThatThrownBy(() -> RaySettings.of(spark))
                .isInstanceOf(ArclightException.class)
                .hasMessageContaining(sentence);
    }
}
