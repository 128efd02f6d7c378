package dev.arclight.ray.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.ray.link.ActorEvent;
import dev.arclight.ray.link.ActorRequest;
import dev.arclight.ray.link.Examination;
import dev.arclight.ray.link.ExecutorInstructions;
import dev.arclight.ray.link.RayLink;
import dev.arclight.ray.link.RayNode;
import dev.arclight.ray.link.WorkerReport;
import dev.arclight.testing.Await;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the fleet's thread tells the driver, and when it stops telling. */
final class FleetTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final WorkerReport REPORT = new WorkerReport("10.0.0.1", 7, "17.0.15", "2.60.0", List.of());

    private final ScriptedLink link = new ScriptedLink();
    private final Told told = new Told();
    private final Fleet fleet = new Fleet("app", () -> link, new OneCpu(), quick(), Map.of(0, 1));

    @AfterEach
    void close() {
        fleet.close();
    }

    /** Spark's endpoint is gone by then: telling it threw, and executors were looked after no more. */
    @Test
    void aDriverThatHasLeftIsToldOfNoLossAndNothingIsReplaced() {
        String name = running();
        fleet.leave();
        end(name);
        assertThat(told.lost).isEmpty();
        assertThat(link.launched).containsExactly(name);
    }

    @Test
    void aLossIsToldAndReplaced() {
        String name = running();
        end(name);
        Await.until("a replacement", SOON, () -> link.launched.size() == 2);
        assertThat(told.lost).containsExactly("0 killed");
    }

    @Test
    void whatNoNodeCanStartIsToldToTheDriverAndWithdrawn() {
        link.examination = new Examination(1, 1, List.of("node 10.0.0.1 has no program java"));
        fleet.join(told);
        Await.until("the reason", SOON, () -> told.hopeless.contains("node 10.0.0.1 has no program java"));
        Await.until("its end", SOON, () -> link.killed.contains("app-executor-0"));
    }

    @Test
    void theLossOfTheDriversOwnNodeIsTold() {
        running();
        link.alive = false;
        Await.until(
                "the reason",
                SOON,
                () -> told.hopeless.stream()
                        .anyMatch(why -> why.contains("the Ray node that connects this driver (n) is dead")));
    }

    private String running() {
        Await.until("a launch", SOON, () -> link.launched.size() == 1);
        String name = link.launched.get(0);
        link.events.add(new ActorEvent.Up(name, REPORT));
        fleet.join(told);
        Await.until("its instructions", SOON, () -> link.running.contains(name));
        fleet.registered(0);
        return name;
    }

    /** Ends a process, and waits until the fleet has done all that it does about it. */
    private void end(String name) {
        link.events.add(new ActorEvent.Ended(name, "killed"));
        Await.until("the news", SOON, link.events::isEmpty);
        int polls = link.polls.get();
        Await.until("two turns", SOON, () -> link.polls.get() >= polls + 2);
    }

    private static Limits quick() {
        Limits usual = Limits.DEFAULT;
        return new Limits(
                usual.neverFits(),
                usual.register(),
                usual.failures(),
                Duration.ZERO,
                usual.firstBackOff(),
                usual.longestBackOff(),
                Duration.ofMillis(100),
                usual.waiting(),
                usual.head());
    }

    private static final class Told implements Driver {
        final List<String> lost = new CopyOnWriteArrayList<>();
        final List<String> hopeless = new CopyOnWriteArrayList<>();

        @Override
        public ExecutorInstructions instructions(long executor, int profile, WorkerReport report) {
            return new ExecutorInstructions("spark://x@h:1", "0", "app", 1, profile, Map.of(), Map.of());
        }

        @Override
        public void lost(long executor, String reason) {
            lost.add(executor + " " + reason);
        }

        @Override
        public void hopeless(String why) {
            hopeless.add(why);
        }
    }

    private static final class OneCpu implements Blueprint {
        @Override
        public Demand demand(int profile) {
            return new Demand(Map.of("CPU", 1.0));
        }

        @Override
        public List<RayNode> among(List<RayNode> nodes) {
            return nodes;
        }

        @Override
        public void prepare(RayLink open) {}

        @Override
        public ActorRequest request(String name, int profile, int place) {
            return new ActorRequest(name, List.of(), Map.of("CPU", 1.0), Map.of(), Optional.empty());
        }
    }
}
