package dev.arclight.track;

import java.util.List;
import java.util.Optional;

/**
 * Which logged models, in which order.
 *
 * @param filter in MLflow's grammar, such as {@code metrics.auc > 0.8 AND name = 'forest'}; empty for all
 * @param datasets names, each with a digest or an empty one: metrics in {@code filter} must be measured on one of them
 * @param orderBy such as {@code metrics.auc DESC}; empty: newest first
 * @param maxResults 1 to 50,000
 */
public record LoggedModelSearch(
        List<String> experimentIds,
        String filter,
        List<Metric.Origin> datasets,
        List<String> orderBy,
        int maxResults,
        Optional<String> pageToken) {
    /** The most that one page holds. */
    public static final int MAX_RESULTS = 50_000;

    public LoggedModelSearch {
        experimentIds = List.copyOf(experimentIds);
        datasets = List.copyOf(datasets);
        orderBy = List.copyOf(orderBy);
        Limits.checkMaxResults(maxResults, MAX_RESULTS);
    }

    /** All logged models of these experiments, newest first. */
    public static LoggedModelSearch in(String... experimentIds) {
        return new LoggedModelSearch(List.of(experimentIds), "", List.of(), List.of(), 100, Optional.empty());
    }

    public LoggedModelSearch withFilter(String other) {
        return new LoggedModelSearch(experimentIds, other, datasets, orderBy, maxResults, pageToken);
    }

    public LoggedModelSearch withPageToken(Optional<String> token) {
        return new LoggedModelSearch(experimentIds, filter, datasets, orderBy, maxResults, token);
    }
}
