package dev.arclight.track.pages;

import java.util.List;
import java.util.regex.Pattern;

/** What a person typed, in MLflow's filter grammar. */
final class FilterText {
    private static final Pattern GRAMMAR = Pattern.compile("(?is).*([=<>]|\\b(?:LIKE|ILIKE|IN|IS)\\b).*");

    private FilterText() {}

    /** A quoted text that contains {@code part}. A quote in it becomes a wildcard: the grammar has no escape for it. */
    static String like(String part) {
        return "'%" + part.replace('\'', '_') + "%'";
    }

    /** A filter as it is; plain words look for runs by name. */
    static String of(String typed) {
        String text = typed.strip();
        return text.isEmpty() || GRAMMAR.matcher(text).matches() ? text : "run_name ILIKE " + like(text);
    }

    /** A field whose key may have any characters, such as {@code params.`max depth`}. */
    static String field(String kind, String key) {
        return "%s.`%s`".formatted(kind, key);
    }

    /** Filters that must all hold. */
    static String all(List<String> filters) {
        return String.join(
                " AND ", filters.stream().filter(one -> !one.isBlank()).toList());
    }
}
