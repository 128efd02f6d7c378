package dev.arclight.track.pages;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.arclight.testing.Browser;
import dev.arclight.testing.Page;
import dev.arclight.testing.Soak;
import dev.arclight.testing.Viewport;
import dev.arclight.track.Metric;
import dev.arclight.track.RunBatch;
import dev.arclight.track.RunSearch;
import dev.arclight.track.RunStart;
import dev.arclight.track.Tracking;
import dev.arclight.track.server.TrackingServer;
import dev.arclight.web.WebServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A large store: its searches over REST, and its pages in a browser until all charts are drawn. */
@Tag("soak")
final class TrackingScaleSoak {
    private static final int RUNS = Soak.number("runs", 100_000);
    private static final int POINTS = Soak.number("points", 100); // of each run
    private static final int THREADS = 8;
    private static final int REPEATS = 40;
    private static final double MOST_SEARCH_MILLIS = 100;
    private static final double MOST_PAGE_MILLIS = 1000;
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void searchesTakeATenthOfASecondAndPagesOne() throws Exception {
        Map<String, Object> findings = new LinkedHashMap<>();
        findings.put("runs", RUNS);
        findings.put("points", (long) RUNS * POINTS);
        try (Tracking tracking = Tracking.open(folder.toString())) {
            String experiment = tracking.experiment("scale").id();
            long start = System.nanoTime();
            fill(tracking, experiment);
            findings.put("fill_seconds", Math.round((System.nanoTime() - start) / 1e9));
            String run = tracking.runs()
                    .first(RunSearch.in(experiment))
                    .orElseThrow()
                    .id();
            try (WebServer server =
                    TrackingServer.addTo(WebServer.builder(), tracking).start()) {
                Map<String, Double> searches = searches(server.uri(), experiment);
                Map<String, Double> pages = pages(server.uri(), experiment, run);
                findings.put("search_p95_ms", searches);
                findings.put("page_ms", pages);
                Soak.report(JSON.writeValueAsString(findings));
                assertThat(searches.values()).as("%s", searches).allMatch(millis -> millis < MOST_SEARCH_MILLIS);
                assertThat(pages.values()).as("%s", pages).allMatch(millis -> millis < MOST_PAGE_MILLIS);
            }
        }
    }

    private static void fill(Tracking tracking, String experiment) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        List<Throwable> failures = new ArrayList<>();
        for (int t = 0; t < THREADS; t++) {
            int thread = t;
            Thread worker = new Thread(() -> {
                Random random = new Random(thread);
                for (int i = thread; i < RUNS; i += THREADS) {
                    String run = tracking.runs()
                            .create(RunStart.in(experiment).named("run " + i).at(1_790_000_000_000L + i))
                            .id();
                    List<Metric> metrics = new ArrayList<>();
                    for (int step = 0; step < POINTS; step++) {
                        metrics.add(Metric.of(step % 4 == 0 ? "loss" : "auc", random.nextDouble(), 1000L, step));
                    }
                    Map<String, String> params = Map.of(
                            "max_depth", Integer.toString(4 + random.nextInt(97)),
                            "eta", Double.toString(random.nextDouble()),
                            "booster", random.nextBoolean() ? "dart" : "gbtree");
                    tracking.runs().log(run, new RunBatch(metrics, params, Map.of()));
                }
            });
            worker.setUncaughtExceptionHandler((failed, failure) -> failures.add(failure));
            worker.start();
            threads.add(worker);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(failures).isEmpty();
    }

    private Map<String, Double> searches(URI server, String experiment) throws IOException, InterruptedException {
        Map<String, Double> figures = new LinkedHashMap<>();
        Map<String, List<String>> searches = new LinkedHashMap<>();
        searches.put("newest", List.of("", ""));
        searches.put(
                "filtered by metric and param",
                List.of("metrics.auc > 0.7 and params.max_depth = '17'", "metrics.auc DESC"));
        searches.put("best of all", List.of("", "metrics.auc DESC"));
        searches.put("half of all, best first", List.of("metrics.auc > 0.5", "metrics.auc DESC"));
        searches.put("by name", List.of("attributes.run_name = 'run 77'", ""));
        for (Map.Entry<String, List<String>> search : searches.entrySet()) {
            String order = search.getValue().get(1);
            String body = JSON.writeValueAsString(Map.of(
                    "experiment_ids",
                    List.of(experiment),
                    "filter",
                    search.getValue().get(0),
                    "order_by",
                    order.isEmpty() ? List.of() : List.of(order),
                    "max_results",
                    50));
            double[] millis = new double[REPEATS];
            for (int i = 0; i < REPEATS; i++) {
                long start = System.nanoTime();
                HttpResponse<String> answer = client.send(
                        HttpRequest.newBuilder(server.resolve("/api/2.0/mlflow/runs/search"))
                                .POST(BodyPublishers.ofString(body))
                                .build(),
                        BodyHandlers.ofString());
                millis[i] = (System.nanoTime() - start) / 1e6;
                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(answer.body()).contains("run_id");
            }
            Arrays.sort(millis);
            figures.put(search.getKey(), Math.round(millis[(int) (REPEATS * 0.95) - 1] * 10) / 10.0);
        }
        return figures;
    }

    private static Map<String, Double> pages(URI server, String experiment, String run) {
        String runs = Links.experiment(experiment);
        Map<String, String> addresses = new LinkedHashMap<>();
        addresses.put("experiments", "/");
        addresses.put("runs", runs);
        addresses.put("runs, best first", runs + "?sort=metrics.%60auc%60%20DESC");
        addresses.put(
                "runs, filtered", runs + "?filter=metrics.auc%20%3E%200.7%20and%20params.max_depth%20%3D%20%2717%27");
        addresses.put("runs, grouped", runs + "?group=params.%60booster%60&metric=auc");
        addresses.put("run", Links.run(run));
        addresses.put("compare 100", "/compare?experiment=" + experiment);
        Map<String, Double> figures = new LinkedHashMap<>();
        try (Browser browser = Browser.open();
                Page page = browser.page(server.resolve("/models"), Viewport.desktop())) {
            addresses.forEach((name, address) -> {
                double[] millis = new double[5];
                for (int i = 0; i < millis.length; i++) {
                    page.navigate(server.resolve(address));
                    page.await(
                            "document.querySelector('figure.chart') === null || document.documentElement.dataset.charts === 'drawn'");
                    millis[i] = page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
                            .asDouble();
                }
                Arrays.sort(millis);
                figures.put(name, (double) Math.round(millis[millis.length / 2]));
                assertThat(page.errors()).as(name).isEmpty();
            });
        }
        return figures;
    }
}
