package dev.arclight.track;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.base.ErrorCode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What every implementation of {@link Tracking} finds, in which order, and what it takes for no filter. */
public abstract class RunSearchContract extends StoreContract {
    /** A filter that MLflow takes as if the end were not there. */
    public static final String UNFINISHED = "params.a = '1' AND";

    static final List<String> NO_FILTERS = List.of(
            "metrics.auc > 'x'",
            "metrics.auc LIKE '1'",
            "params.depth = 5",
            "params.depth > '5'",
            "params.depth = '5' OR params.depth = '6'",
            "nonsense",
            "colour.x = '1'",
            "attributes.lifecycle = 'x'",
            UNFINISHED,
            "params.a = '1",
            "attributes.status IN ('RUNNING')",
            "metrics.a IS NULL");

    @Test
    void runsAreSearchedByAllThatTheyHave() {
        String low = logged("low", "5", 0.5);
        String high = logged("high", "9", 0.9);
        String none = run("none");
        assertThat(search("metrics.auc > 0.6")).containsExactly(high);
        assertThat(search("metric.auc != 0.5")).containsExactly(high);
        assertThat(search("params.depth = '5'")).containsExactly(low);
        assertThat(search("params.depth != '5'")).containsExactly(high);
        if (knowsIsNull()) {
            assertThat(search("params.depth IS NULL")).containsExactly(none);
            assertThat(search("params.depth IS NOT NULL")).containsExactlyInAnyOrder(low, high);
        }
        assertThat(search("tags.`color` ILIKE 'RED%' AND attributes.status = 'RUNNING'"))
                .containsExactlyInAnyOrder(low, high);
        assertThat(search("tags.color LIKE 'RED%'")).isEmpty();
        assertThat(search("run_name = 'high' and metrics.auc >= 0.9")).containsExactly(high);
        assertThat(search("attributes.run_id IN ('%s', '%s')".formatted(low, none)))
                .containsExactlyInAnyOrder(low, none);
        assertThat(search("attributes.run_id NOT IN ('%s')".formatted(low))).containsExactlyInAnyOrder(high, none);
        assertThat(search("attributes.start_time > 0")).hasSize(3);
        assertThat(search("metrics.never = 0")).isEmpty();
        assertThat(search("tags.color = 'x'' OR 1=1 --'")).isEmpty();
    }

    /** Whether filters have {@code IS NULL}; those of MLflow 2 have not. */
    protected abstract boolean knowsIsNull();

    /** What is no filter. */
    protected abstract List<String> noFilters();

    @Test
    void whatIsNoFilterIsRefused() {
        for (String filter : noFilters()) {
            assertCode(
                    ErrorCode.BAD_INPUT,
                    () -> tracking().runs(RunSearch.in(experiment).withFilter(filter)));
        }
    }

    @Test
    void runsAreOrderedWithWhatLacksTheMetricLast() {
        String low = logged("low", "5", 0.5);
        String high = logged("high", "9", 0.9);
        String nan = logged("nan", "7", Double.NaN);
        String none = run("none");
        assertThat(ids(RunSearch.in(experiment).withOrderBy("metrics.auc DESC")))
                .containsExactly(high, low, nan, none);
        assertThat(ids(RunSearch.in(experiment).withOrderBy("metrics.auc"))).containsExactly(low, high, nan, none);
        assertThat(ids(RunSearch.in(experiment).withOrderBy("params.depth ASC")))
                .containsExactly(low, nan, high, none);
        assertThat(ids(RunSearch.in(experiment).withOrderBy("attributes.start_time ASC", "run_id")))
                .hasSize(4);
    }

    @Test
    void pagesJoinToTheWhole() {
        for (int i = 0; i < 7; i++) {
            logged("r" + i, Integer.toString(i), i);
        }
        RunSearch search = RunSearch.in(experiment).withOrderBy("metrics.auc DESC");
        List<Run> whole = tracking().runs(search).items();
        List<Run> pages =
                Page.all(token -> tracking().runs(search.withMaxResults(3).withPageToken(token)));
        assertThat(whole).hasSize(7);
        assertThat(pages)
                .extracting(Run::id)
                .containsExactlyElementsOf(whole.stream().map(Run::id).toList());
    }

    @Test
    void deletedRunsAreSeenOnRequestAndComeBack() {
        String id = run("a");
        tracking().runs().delete(id);
        assertThat(ids(RunSearch.in(experiment))).isEmpty();
        assertThat(ids(RunSearch.in(experiment).withView(View.DELETED_ONLY))).containsExactly(id);
        assertThat(ids(RunSearch.in(experiment).withView(View.ALL))).containsExactly(id);
        assertCode(ErrorCode.BAD_STATE, () -> tracking().runs().log(id, RunBatch.tags(Map.of("t", "v"))));
        tracking().runs().restore(id);
        assertThat(ids(RunSearch.in(experiment))).containsExactly(id);
    }

    @Test
    void datasetsAreInputsOnce() {
        Dataset dataset = new Dataset(
                "wine",
                "abc123",
                "local",
                "{\"uri\": \"wine.csv\"}",
                Optional.of("{}"),
                Optional.empty(),
                Map.of("mlflow.data.context", "training"));
        try (ActiveRun run = tracking().start(RunStart.in(experiment))) {
            run.dataset(dataset).dataset(dataset);
            assertThat(run.snapshot().datasets()).containsExactly(dataset);
        }
        assertThat(search("dataset.name = 'wine' AND dataset.context = 'training'"))
                .hasSize(1);
        assertThat(search("dataset.digest = 'other'")).isEmpty();
    }

    private String logged(String name, String depth, double auc) {
        String id = run(name);
        Map<String, String> tags = new HashMap<>();
        tags.put("color", "reddish");
        tracking().runs().log(id, new RunBatch(List.of(Metric.of("auc", auc, 1000, 1)), Map.of("depth", depth), tags));
        return id;
    }

    private List<String> search(String filter) {
        return ids(RunSearch.in(experiment).withFilter(filter));
    }

    private List<String> ids(RunSearch search) {
        return tracking().runs(search).items().stream().map(Run::id).toList();
    }
}
