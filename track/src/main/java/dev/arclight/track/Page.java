package dev.arclight.track;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A part of a result.
 *
 * @param items in the order asked for
 * @param nextToken asks for what follows; empty at the end
 */
public record Page<T>(List<T> items, Optional<String> nextToken) {
    public Page {
        items = List.copyOf(items);
    }

    /** All items of all pages, fetched one after the other; {@code fetch} takes the token, empty for the first. */
    public static <T> List<T> all(Function<Optional<String>, Page<T>> fetch) {
        List<T> items = new ArrayList<>();
        Optional<String> token = Optional.empty();
        do {
            Page<T> page = fetch.apply(token);
            items.addAll(page.items());
            token = page.nextToken();
        } while (token.isPresent());
        return items;
    }
}
