package dev.arclight.base.report;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A piece of running text with the little markup that prose needs. Immutable.
 *
 * <pre>{@code
 * Text.of("Split by ").code("hash(row, seed)").then("; see the ").link("data set", "https://example.org/").then(".")
 * }</pre>
 */
public final class Text {
    private final List<Span> spans;

    private Text(List<Span> spans) {
        this.spans = spans;
    }

    enum Style {
        PLAIN,
        STRONG,
        CODE,
        LINK
    }

    record Span(Style style, String text, String address) {
        Span {
            Objects.requireNonNull(text);
        }
    }

    /** Plain text. */
    public static Text of(String text) {
        return new Text(List.of(new Span(Style.PLAIN, text, "")));
    }

    /** This, followed by plain text. */
    public Text then(String text) {
        return with(new Span(Style.PLAIN, text, ""));
    }

    /** This, followed by words that stand out. */
    public Text strong(String text) {
        return with(new Span(Style.STRONG, text, ""));
    }

    /** This, followed by a name from a program or a file. */
    public Text code(String text) {
        return with(new Span(Style.CODE, text, ""));
    }

    /**
     * This, followed by a link.
     *
     * @param address {@code http:}, {@code https:} or {@code mailto:}, or relative to the page
     * @throws IllegalArgumentException if the address is of another kind: such a link could run a program
     */
    public Text link(String text, String address) {
        return with(new Span(Style.LINK, text, harmless(address)));
    }

    List<Span> spans() {
        return spans;
    }

    /** Without markup. */
    @Override
    public String toString() {
        return spans.stream().map(Span::text).reduce("", String::concat);
    }

    private Text with(Span span) {
        return new Text(Stream.concat(spans.stream(), Stream.of(span)).toList());
    }

    private static String harmless(String address) {
        // Browsers drop control characters and blanks before they look at the scheme.
        String seen = address.replaceAll("[\\p{Cntrl}\\s]", "").toLowerCase(Locale.ROOT);
        int colon = seen.indexOf(':');
        int end = seen.replaceAll("[/?#].*", "").length();
        boolean scheme = colon >= 0 && colon < end;
        if (scheme && !List.of("http", "https", "mailto").contains(seen.substring(0, colon))) {
            throw new IllegalArgumentException("Not a link that a page may hold: " + address);
        }
        return address;
    }
}
