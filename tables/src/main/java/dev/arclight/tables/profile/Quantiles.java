package dev.arclight.tables.profile;

/**
 * Five-number summary, as a box plot shows it. A quantile q is the smallest value that at least the share q of the
 * values does not exceed (no interpolation; numpy's {@code inverted_cdf}).
 *
 * @param min smallest value
 * @param lower quantile 0.25
 * @param median quantile 0.5
 * @param upper quantile 0.75
 * @param max largest value
 * @param rankError how far the rank of each quantile may be off, as a share of the number of values, with 99%
 *     confidence; 0 means exact
 */
public record Quantiles(double min, double lower, double median, double upper, double max, double rankError) {}
