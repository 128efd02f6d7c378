package dev.arclight.tables.profile;

/**
 * The finite values of a numeric column.
 *
 * @param mean arithmetic mean
 * @param deviation sample standard deviation; NaN for fewer than two values
 * @param quantiles five-number summary
 * @param histogram bins of equal width
 */
public record NumberProfile(double mean, double deviation, Quantiles quantiles, Histogram histogram) {}
