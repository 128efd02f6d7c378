package dev.arclight.track.sql;

import dev.arclight.track.Metric;
import dev.arclight.track.RunBatch;
import dev.arclight.track.RunSearch;
import dev.arclight.track.RunStart;
import dev.arclight.track.Tracking;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;

/**
 * A program to poke at the embedded store: fills {@code folder} with {@code runs} runs of {@code points} metric points
 * each and prints how long opening, logging and searching take.
 */
final class StoreLoad {
    private static final int THREADS = 8;

    private StoreLoad() {}

    public static void main(String[] arguments) throws InterruptedException {
        Path folder = Path.of(arguments[0]);
        int runs = Integer.parseInt(arguments[1]);
        int points = Integer.parseInt(arguments[2]);
        long opened = System.nanoTime();
        try (Tracking tracking = Tracking.open(folder.toString())) {
            System.out.printf("open %.0f ms%n", millis(opened));
            String experiment = tracking.experiment("load").id();
            logMetric(tracking, experiment);
            long filled = System.nanoTime();
            fill(tracking, experiment, runs, points);
            System.out.printf("filled %d runs of %d points in %.1f s%n", runs, points, millis(filled) / 1000);
            search(tracking, experiment);
        }
        opened = System.nanoTime();
        Tracking.open(folder.toString()).close();
        System.out.printf("open and close again %.0f ms%n", millis(opened));
    }

    private static void logMetric(Tracking tracking, String experiment) throws InterruptedException {
        LongAdder calls = new LongAdder();
        long end = System.nanoTime() + 3_000_000_000L;
        parallel(thread -> {
            String run = tracking.runs().create(RunStart.in(experiment)).id();
            for (int step = 0; System.nanoTime() < end; step++) {
                tracking.runs().log(run, RunBatch.metrics(List.of(Metric.of("auc", 0.5, step))));
                calls.increment();
            }
        });
        System.out.printf("log-metric %d calls/s from %d threads%n", calls.sum() / 3, THREADS);
    }

    private static void fill(Tracking tracking, String experiment, int runs, int points) throws InterruptedException {
        parallel(thread -> {
            Random random = new Random(thread);
            for (int i = thread; i < runs; i += THREADS) {
                String run = tracking.runs()
                        .create(RunStart.in(experiment).named("run " + i))
                        .id();
                List<Metric> metrics = new ArrayList<>();
                for (int step = 0; step < points; step++) {
                    metrics.add(Metric.of("auc", random.nextDouble(), 1000L, step));
                }
                tracking.runs()
                        .log(
                                run,
                                new RunBatch(
                                        metrics,
                                        Map.of(
                                                "max_depth",
                                                Integer.toString(4 + random.nextInt(97)),
                                                "eta",
                                                Double.toString(random.nextDouble())),
                                        Map.of()));
            }
        });
    }

    private static void search(Tracking tracking, String experiment) {
        Map<String, RunSearch> searches = Map.of(
                "filtered",
                RunSearch.in(experiment)
                        .withFilter("metrics.auc > 0.7 and params.max_depth = '17'")
                        .withOrderBy("metrics.auc DESC"),
                "best",
                RunSearch.in(experiment).withOrderBy("metrics.auc DESC"),
                "newest",
                RunSearch.in(experiment),
                "range",
                RunSearch.in(experiment).withFilter("metrics.auc > 0.5").withOrderBy("metrics.auc DESC"),
                "by param",
                RunSearch.in(experiment).withOrderBy("params.eta ASC"));
        searches.forEach((name, search) -> {
            double[] millis = new double[20];
            for (int i = 0; i < millis.length; i++) {
                long start = System.nanoTime();
                tracking.runs(search.withMaxResults(50));
                millis[i] = millis(start);
            }
            Arrays.sort(millis);
            System.out.printf("search %s: p50 %.1f, p95 %.1f ms%n", name, millis[10], millis[18]);
        });
    }

    private interface Work {
        void by(int thread);
    }

    private static void parallel(Work work) throws InterruptedException {
        Thread[] threads = new Thread[THREADS];
        for (int i = 0; i < THREADS; i++) {
            int thread = i;
            threads[i] = new Thread(() -> work.by(thread));
            threads[i].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static double millis(long since) {
        return (System.nanoTime() - since) / 1e6;
    }
}
