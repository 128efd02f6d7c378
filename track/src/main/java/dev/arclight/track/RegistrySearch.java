package dev.arclight.track;

import java.util.List;
import java.util.Optional;

/**
 * Which registered models or versions, in which order.
 *
 * @param filter in MLflow's grammar, such as {@code name LIKE 'wine%'}; empty for all
 * @param orderBy such as {@code name ASC}; empty: by name, or the newest version first
 * @param maxResults 1 to 200,000
 */
public record RegistrySearch(String filter, List<String> orderBy, int maxResults, Optional<String> pageToken) {
    /** The most that one page holds. */
    public static final int MAX_RESULTS = 200_000;

    public RegistrySearch {
        orderBy = List.copyOf(orderBy);
        Limits.checkMaxResults(maxResults, MAX_RESULTS);
    }

    public static RegistrySearch all() {
        return new RegistrySearch("", List.of(), 1000, Optional.empty());
    }

    public RegistrySearch withFilter(String other) {
        return new RegistrySearch(other, orderBy, maxResults, pageToken);
    }

    public RegistrySearch withPageToken(Optional<String> token) {
        return new RegistrySearch(filter, orderBy, maxResults, token);
    }
}
