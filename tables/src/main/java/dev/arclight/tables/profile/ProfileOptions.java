package dev.arclight.tables.profile;

import java.util.Optional;

/**
 * What a profile holds beyond the columns.
 *
 * @param groupBy column whose values, 20 at most, get a {@link GroupProfile} each
 * @param bins of each histogram, 1 to 1,000
 * @param top how many frequent values to keep, 0 to 1,000
 * @param head how many first rows to keep, 0 to 1,000
 * @param correlations whether to correlate each two numeric columns; time grows with the square of their number
 * @param duplicates whether to count duplicate rows; costs a second job above 200,000 different rows in a partition or
 *     two million in all
 */
public record ProfileOptions(
        Optional<String> groupBy, int bins, int top, int head, boolean correlations, boolean duplicates) {
    public ProfileOptions {
        if (bins < 1 || bins > 1_000 || top < 0 || top > 1_000 || head < 0 || head > 1_000) {
            throw new IllegalArgumentException(
                    "Profile options out of range: bins=%d top=%d head=%d".formatted(bins, top, head));
        }
    }

    /** No groups, 20 bins, 10 frequent values, 5 first rows, correlations and duplicates. */
    public static ProfileOptions defaults() {
        return new ProfileOptions(Optional.empty(), 20, 10, 5, true, true);
    }

    /** These options with a five-number summary of each numeric column by value of {@code column}. */
    public ProfileOptions withGroupBy(String column) {
        return new ProfileOptions(Optional.of(column), bins, top, head, correlations, duplicates);
    }

    /** These options with another number of bins. */
    public ProfileOptions withBins(int number) {
        return new ProfileOptions(groupBy, number, top, head, correlations, duplicates);
    }
}
