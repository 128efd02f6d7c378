package dev.arclight.tables.profile;

/**
 * A frequent value.
 *
 * @param value as text
 * @param rows how many rows hold it; an upper bound where the column's counts are not exact
 */
public record ValueCount(String value, long rows) {}
