package dev.arclight.tables.profile;

import java.util.List;
import java.util.Optional;

/**
 * One column.
 *
 * @param name as in the table
 * @param type Spark's name of the type
 * @param nulls rows without a value
 * @param notFinite rows with NaN or an infinity
 * @param distinct number of different values; exact up to 16,384, then within 1.6% with 95% confidence
 * @param smallest value as text, by the order of the type; empty if there is none
 * @param largest value as text
 * @param top the most frequent values, most frequent first
 * @param topExact whether the counts in {@code top} are exact
 * @param numbers for a numeric column with at least one finite value
 */
public record ColumnProfile(
        String name,
        String type,
        long nulls,
        long notFinite,
        long distinct,
        Optional<String> smallest,
        Optional<String> largest,
        List<ValueCount> top,
        boolean topExact,
        Optional<NumberProfile> numbers) {
    public ColumnProfile {
        top = List.copyOf(top);
    }
}
