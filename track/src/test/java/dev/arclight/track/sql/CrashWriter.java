package dev.arclight.track.sql;

import dev.arclight.track.Experiment;
import dev.arclight.track.Metric;
import dev.arclight.track.RunBatch;
import dev.arclight.track.RunStart;
import dev.arclight.track.Tracking;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * A program for tests: writes to a store from several threads without end and prints a line for each write that was
 * acknowledged.
 */
final class CrashWriter {
    private CrashWriter() {}

    public static void main(String[] arguments) throws InterruptedException {
        Tracking tracking = Tracking.open(arguments[0]);
        String name = arguments[1];
        long writes = Long.parseLong(arguments[2]);
        Experiment experiment = tracking.experiment("crash");
        Thread[] threads = new Thread[3];
        for (int thread = 0; thread < threads.length; thread++) {
            String runName = name + "-" + thread;
            threads[thread] = new Thread(() -> write(tracking, experiment, runName, writes));
            threads[thread].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        tracking.close();
    }

    private static void write(Tracking tracking, Experiment experiment, String runName, long writes) {
        String run =
                tracking.runs().create(RunStart.in(experiment).named(runName)).id();
        for (long i = 0; i < writes; i++) {
            long step = i;
            tracking.runs()
                    .log(run, new RunBatch(List.of(Metric.of("m", (double) i, step)), Map.of("p" + i, "v"), Map.of()));
            if (i % 20 == 0) {
                try {
                    tracking.artifacts()
                            .write(
                                    "mlflow-artifacts:/crash/" + run,
                                    i + ".txt",
                                    out -> out.write(content(step).getBytes(StandardCharsets.UTF_8)));
                } catch (java.io.IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            }
            synchronized (System.out) {
                System.out.println(run + " " + i);
                System.out.flush();
            }
        }
    }

    static String content(long i) {
        return ("content " + i + "\n").repeat(1000);
    }
}
