package dev.arclight.ray.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.ray.link.Examination;
import dev.arclight.ray.link.RayNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The reconciler's laws, under a simulated cluster, and its single decisions. */
final class ReconcilerTest {
    private static final Duration STEP = Duration.ofMillis(250);
    private static final Demand ONE = new Demand(Map.of("CPU", 1.0));
    private static final List<RayNode> ONE_NODE = List.of(new RayNode("n", "10.0.0.1", true, Map.of("CPU", 4.0)));
    private static final Demand TWO = new Demand(Map.of("CPU", 2.0));

    @Property(tries = 60)
    void neverMoreThanWantedAndNeverStuck(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 100) int wanted,
            @ForAll @IntRange(min = 0, max = 30) int failing,
            @ForAll @IntRange(min = 0, max = 4) int dying) {
        SimulatedRay ray = new SimulatedRay(seed, patient(), Map.of(0, ONE, 1, TWO));
        for (int i = 0; i < 10; i++) {
            ray.addNode(16);
        }
        ray.failing = failing;
        ray.dying = dying;
        Random random = new Random(seed);
        int second = wanted / 4;
        ray.reconciler.want(Map.of(0, wanted, 1, second));
        int most = wanted;
        for (int i = 0; i < 240; i++) {
            if (i % 40 == 39) {
                // Demand goes down: Spark names idle executors for removal and lowers what it wants.
                int fewer = random.nextInt(wanted + 1);
                ray.reconciler.want(Map.of(0, fewer, 1, second));
                List<Long> idle = ray.registered(0);
                idle.stream().limit(Math.max(0, idle.size() - fewer)).forEach(ray::release);
                most = fewer;
            }
            ray.step(STEP);
            assertThat(ray.alive(0))
                    .isLessThanOrEqualTo(Math.max(most, ray.registered(0).size()));
            assertThat(ray.alive(1)).isLessThanOrEqualTo(second);
            assertThat(ray.reconciler.count(0))
                    .isLessThanOrEqualTo(Math.max(most, ray.registered(0).size()));
        }
        // The cluster is well again: all that is wanted comes, whatever happened before.
        ray.failing = 0;
        ray.dying = 0;
        ray.reconciler.want(Map.of(0, wanted, 1, second));
        for (int i = 0; i < 600; i++) {
            ray.step(STEP);
        }
        assertThat(ray.registered(0)).hasSize(wanted);
        assertThat(ray.registered(1)).hasSize(second);
        assertThat(ray.gaveUp).isEmpty();
    }

    @Test
    void demandWithoutAMaximumIsReachedAndIdleExecutorsLeave() {
        SimulatedRay ray = new SimulatedRay(7, Limits.DEFAULT, Map.of(0, ONE));
        ray.addNode(200);
        // As Spark's dynamic allocation does: 1, 2, 4, ... until the backlog is served.
        for (int wanted = 1; wanted < 150; wanted *= 2) {
            ray.reconciler.want(Map.of(0, wanted));
            for (int i = 0; i < 40; i++) {
                ray.step(STEP);
            }
            assertThat(ray.registered(0)).hasSize(wanted);
        }
        ray.reconciler.want(Map.of(0, 0));
        ray.registered(0).forEach(ray::release);
        ray.step(STEP);
        assertThat(ray.alive(0)).isZero();
    }

    @Test
    void whatFitsNoNodeIsGivenUpWithAReasonAndTakenUpWhenANodeComes() {
        SimulatedRay ray = new SimulatedRay(
                1, Limits.DEFAULT, Map.of(0, new Demand(Map.of("CPU", 8.0, "memory", 16.0 * (1L << 30)))));
        ray.nodes.add(new RayNode("n", "10.0.0.1", true, Map.of("CPU", 2.0, "memory", 4.0 * (1L << 30))));
        ray.free.add(2.0);
        ray.reconciler.want(Map.of(0, 3));
        for (int i = 0; i < 40; i++) {
            ray.step(STEP);
        }
        assertThat(ray.gaveUp).as("an autoscaler may still add a node").isEmpty();
        assertThat(ray.alive(0)).as("demand is pending in Ray").isEqualTo(3);
        for (int i = 0; i < 60; i++) {
            ray.step(STEP);
        }
        assertThat(ray.gaveUp)
                .singleElement()
                .extracting(Action.GiveUp::why)
                .isEqualTo("an executor needs 8 CPU, 16 GiB; the largest node has 2 CPU, 4 GiB");
        assertThat(ray.alive(0)).isZero();
        ray.nodes.add(new RayNode("m", "10.0.0.2", true, Map.of("CPU", 64.0, "memory", 512.0 * (1L << 30))));
        ray.free.add(64.0);
        for (int i = 0; i < 60; i++) {
            ray.step(STEP);
        }
        assertThat(ray.registered(0)).hasSize(3);
    }

    @Test
    void aBusyClusterIsWaitedForAndNeverGivenUp() {
        SimulatedRay ray = new SimulatedRay(1, Limits.DEFAULT, Map.of(0, TWO));
        ray.addNode(2);
        ray.reconciler.want(Map.of(0, 2));
        for (int i = 0; i < 2000; i++) {
            ray.step(STEP);
        }
        assertThat(ray.gaveUp).isEmpty();
        assertThat(ray.registered(0)).hasSize(1);
        assertThat(ray.alive(0)).isEqualTo(2);
        ray.kill(ray.registered(0).get(0));
        for (int i = 0; i < 60; i++) {
            ray.step(STEP);
        }
        assertThat(ray.registered(0)).hasSize(1);
    }

    @Test
    void executorsThatNeverStartAreGivenUpAfterBackOff() {
        SimulatedRay ray = new SimulatedRay(1, Limits.DEFAULT, Map.of(0, ONE));
        ray.addNode(4);
        ray.failing = 100;
        ray.reconciler.want(Map.of(0, 1));
        for (int i = 0; i < 200 && ray.gaveUp.isEmpty(); i++) {
            ray.step(STEP);
        }
        assertThat(ray.gaveUp)
                .singleElement()
                .extracting(Action.GiveUp::why)
                .isEqualTo("5 executors in a row failed to start; the last: its JVM ended");
        assertThat(Duration.between(Instant.EPOCH, ray.now)).isGreaterThan(Duration.ofSeconds(3));
    }

    @Test
    void anExecutorThatNeverRegistersIsReplaced() {
        Reconciler reconciler = new Reconciler(Limits.DEFAULT, profile -> ONE);
        reconciler.want(Map.of(0, 1));
        Instant start = Instant.EPOCH;
        assertThat(reconciler.decide(start, ONE_NODE)).containsExactly(new Action.Launch(0, 0, 0));
        reconciler.up(0, start.plusSeconds(1));
        assertThat(reconciler.decide(start.plusSeconds(60), ONE_NODE)).isEmpty();
        assertThat(reconciler.decide(start.plusSeconds(62), ONE_NODE))
                .anyMatch(action -> action instanceof Action.Kill kill && kill.executor() == 0)
                .contains(new Action.Launch(1, 0, 0));
    }

    @Test
    void nodesAreLookedAtLessAndLessOftenWhileAnExecutorWaitsThatFits() {
        Reconciler reconciler = new Reconciler(Limits.DEFAULT, profile -> ONE);
        reconciler.want(Map.of(0, 1));
        List<Long> looks = new ArrayList<>();
        for (long second = 0; second < 200; second++) {
            if (reconciler.decide(Instant.ofEpochSecond(second), ONE_NODE).contains(new Action.Examine(0))) {
                looks.add(second);
            }
        }
        assertThat(looks).containsExactly(8L, 24L, 56L, 120L);
    }

    @Test
    void whatNoNodeCanStartIsGivenUpAndWhatSomeCanIsNot() {
        Reconciler reconciler = new Reconciler(Limits.DEFAULT, profile -> ONE);
        reconciler.want(Map.of(0, 1));
        Instant now = Instant.EPOCH;
        assertThat(reconciler.decide(now, ONE_NODE)).containsExactly(new Action.Launch(0, 0, 0));
        assertThat(reconciler.examined(0, new Examination(2, 2, List.of()))).isEmpty();
        assertThat(reconciler.examined(0, new Examination(2, 2, List.of("node a has no java"))))
                .containsExactly(new Action.Mention(0, "node a has no java"));
        assertThat(reconciler.gaveUp(0)).isEmpty();
        String both = "node a has no java; node b has no java";
        assertThat(reconciler.examined(0, new Examination(2, 2, List.of("node a has no java", "node b has no java"))))
                .containsExactly(new Action.GiveUp(0, both));
        assertThat(reconciler.gaveUp(0)).contains(both);
        assertThat(reconciler.decide(now.plusSeconds(1), ONE_NODE)).containsExactly(new Action.Kill(0, "given up"));
    }

    /** Only the first eight are looked at; the ninth may be fine. */
    @Test
    void whatEightOfNineNodesCannotStartIsToldAndNotGivenUp() {
        Reconciler reconciler = new Reconciler(Limits.DEFAULT, profile -> ONE);
        reconciler.want(Map.of(0, 1));
        assertThat(reconciler.decide(Instant.EPOCH, ONE_NODE)).containsExactly(new Action.Launch(0, 0, 0));
        Examination found = new Examination(9, 8, Collections.nCopies(8, "node a has no java"));
        assertThat(reconciler.examined(0, found))
                .containsExactly(new Action.Mention(
                        0,
                        "node a has no java; node a has no java; node a has no java; and 5 more nodes"
                                + " (of 9 nodes, 8 were looked at)"));
        assertThat(reconciler.gaveUp(0)).isEmpty();
        assertThat(reconciler.decide(Instant.EPOCH.plusSeconds(1), ONE_NODE)).isEmpty();
    }

    private static Limits patient() {
        Limits usual = Limits.DEFAULT;
        return new Limits(
                usual.neverFits(),
                usual.register(),
                1_000_000,
                usual.earlyDeath(),
                usual.firstBackOff(),
                Duration.ofSeconds(5),
                usual.examine(),
                usual.waiting(),
                usual.head());
    }
}
