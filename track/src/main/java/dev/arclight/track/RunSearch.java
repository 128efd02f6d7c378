package dev.arclight.track;

import java.util.List;
import java.util.Optional;

/**
 * Which runs, in which order.
 *
 * @param experimentIds the experiments to look in
 * @param filter in MLflow's grammar, such as {@code metrics.auc > 0.8 and params.max_depth = '5' and
 *     tags.mlflow.parentRunId = '…'}; empty for all
 * @param orderBy such as {@code metrics.auc DESC}; empty: newest first
 * @param maxResults 1 to 50,000
 * @param pageToken of the page before
 */
public record RunSearch(
        List<String> experimentIds,
        View view,
        String filter,
        List<String> orderBy,
        int maxResults,
        Optional<String> pageToken) {
    /** The most that one page holds. */
    public static final int MAX_RESULTS = 50_000;

    public RunSearch {
        experimentIds = List.copyOf(experimentIds);
        orderBy = List.copyOf(orderBy);
        Limits.checkMaxResults(maxResults, MAX_RESULTS);
    }

    /** Active runs of these experiments, newest first, 1,000 a page. */
    public static RunSearch in(String... experimentIds) {
        return new RunSearch(List.of(experimentIds), View.ACTIVE_ONLY, "", List.of(), 1000, Optional.empty());
    }

    public static RunSearch in(Experiment experiment) {
        return in(experiment.id());
    }

    /** The runs nested in run {@code parent}. */
    public static RunSearch childrenOf(Run parent) {
        return in(parent.experimentId()).withFilter("tags.`%s` = '%s'".formatted(RunStart.PARENT_TAG, parent.id()));
    }

    public RunSearch withView(View other) {
        return new RunSearch(experimentIds, other, filter, orderBy, maxResults, pageToken);
    }

    public RunSearch withFilter(String other) {
        return new RunSearch(experimentIds, view, other, orderBy, maxResults, pageToken);
    }

    public RunSearch withOrderBy(String... columns) {
        return new RunSearch(experimentIds, view, filter, List.of(columns), maxResults, pageToken);
    }

    public RunSearch withMaxResults(int count) {
        return new RunSearch(experimentIds, view, filter, orderBy, count, pageToken);
    }

    public RunSearch withPageToken(Optional<String> token) {
        return new RunSearch(experimentIds, view, filter, orderBy, maxResults, token);
    }
}
