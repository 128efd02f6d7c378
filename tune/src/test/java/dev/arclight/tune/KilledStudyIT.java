package dev.arclight.tune;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.track.ActiveRun;
import dev.arclight.track.Run;
import dev.arclight.track.RunStart;
import dev.arclight.track.Tracking;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that is killed (SIGKILL) in the middle of a trial, and a second one that goes on from the store. Catches
 * finished trials that were not yet on disk, a store left locked, and a study that goes on differently.
 */
@Tag("full")
final class KilledStudyIT {
    private static final int KILLED_IN = 12;
    private static final SearchSpace SPACE = SearchSpace.builder()
            .quniform("depth", 1, 9, 1)
            .loguniform("rate", -3, 0)
            .build();

    private static Study study() {
        return Study.over(SPACE).maximize("auc").trials(30).seed(4);
    }

    private static double objective(Trial trial) {
        double end = trial.real("rate") * trial.integer("depth");
        trial.report(0, end / 2);
        return end;
    }

    /** The process that is killed. */
    static final class Victim {
        private Victim() {}

        public static void main(String[] arguments) throws Exception {
            try (Tracking tracking = Tracking.open(arguments[0]);
                    ActiveRun run = tracking.start(RunStart.in(tracking.experiment("wine")))) {
                System.out.println("run " + run.snapshot().id());
                study().track(tracking, run).run(trial -> {
                    if (trial.number() == KILLED_IN) {
                        System.out.println("now");
                        new CountDownLatch(1).await();
                    }
                    return objective(trial);
                });
            }
        }
    }

    @Test
    @Timeout(120)
    void theStudyGoesOnFromTheTrialThatWasRunning(@TempDir Path folder) throws Exception {
        String store = folder.resolve("tracking").toString();
        String id = kill(store);
        StudyResult whole = study().run(KilledStudyIT::objective);
        AtomicInteger calls = new AtomicInteger();
        try (Tracking tracking = Tracking.open(store)) {
            Run stored = tracking.runs().load(id);
            try (ActiveRun again = tracking.resume(id)) {
                StudyResult resumed = study().resume(tracking, stored)
                        .track(tracking, again)
                        .parallelism(2)
                        .run(trial -> {
                            calls.incrementAndGet();
                            return objective(trial);
                        });
                assertThat(calls).hasValue(30 - KILLED_IN);
                assertThat(resumed.trials())
                        .extracting(trial -> trial.parameters() + " " + trial.outcome())
                        .isEqualTo(whole.trials().stream()
                                .map(trial -> trial.parameters() + " " + trial.outcome())
                                .toList());
            }
        }
    }

    /** Runs the victim until its trial says so; the id of its run. */
    private static String kill(String store) throws IOException, InterruptedException {
        Process victim = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Victim.class.getName(),
                        store))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader said = victim.inputReader()) {
            String id = "";
            for (String line = said.readLine(); line != null && !line.equals("now"); line = said.readLine()) {
                id = line.startsWith("run ") ? line.substring(4) : id;
            }
            assertThat(id).as("the victim's run").isNotEmpty();
            assertThat(victim.isAlive()).isTrue();
            return id;
        } finally {
            victim.destroyForcibly();
            assertThat(victim.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
    }
}
