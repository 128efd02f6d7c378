package dev.arclight.track;

import java.util.List;
import java.util.Optional;

/**
 * Which experiments, in which order.
 *
 * @param filter in MLflow's grammar, such as {@code name LIKE 'wine%' AND tags.team = 'x'}; empty for all
 * @param orderBy such as {@code name ASC}; empty: newest first
 * @param maxResults 1 to 50,000
 * @param pageToken of the page before
 */
public record ExperimentSearch(
        View view, String filter, List<String> orderBy, int maxResults, Optional<String> pageToken) {
    /** The most that one page holds. */
    public static final int MAX_RESULTS = 50_000;

    public ExperimentSearch {
        orderBy = List.copyOf(orderBy);
        Limits.checkMaxResults(maxResults, MAX_RESULTS);
    }

    /** All active experiments, newest first. */
    public static ExperimentSearch active() {
        return new ExperimentSearch(View.ACTIVE_ONLY, "", List.of(), 1000, Optional.empty());
    }

    public ExperimentSearch withView(View other) {
        return new ExperimentSearch(other, filter, orderBy, maxResults, pageToken);
    }

    public ExperimentSearch withFilter(String other) {
        return new ExperimentSearch(view, other, orderBy, maxResults, pageToken);
    }

    public ExperimentSearch withOrderBy(String... columns) {
        return new ExperimentSearch(view, filter, List.of(columns), maxResults, pageToken);
    }

    public ExperimentSearch withMaxResults(int count) {
        return new ExperimentSearch(view, filter, orderBy, count, pageToken);
    }

    public ExperimentSearch withPageToken(Optional<String> token) {
        return new ExperimentSearch(view, filter, orderBy, maxResults, token);
    }
}
