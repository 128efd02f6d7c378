package dev.arclight.track.pages;

import dev.arclight.base.report.Chart;
import dev.arclight.base.report.PageParts;

/**
 * HTML that grows. Tags are written by this program; every text from outside goes through {@link #text} or an
 * attribute.
 */
final class Html {
    private final StringBuilder out = new StringBuilder(1 << 14);
    private int charts;

    /** Markup as it stands: only constants of this program. */
    Html raw(String markup) {
        out.append(markup);
        return this;
    }

    Html text(String text) {
        out.append(PageParts.escaped(text));
        return this;
    }

    Html text(long number) {
        out.append(number);
        return this;
    }

    /** An opening tag; attributes are names and values in turn. */
    Html open(String tag, String... attributes) {
        out.append('<').append(tag);
        for (int i = 0; i < attributes.length; i += 2) {
            out.append(' ')
                    .append(attributes[i])
                    .append("=\"")
                    .append(PageParts.escaped(attributes[i + 1]))
                    .append('"');
        }
        out.append('>');
        return this;
    }

    Html close(String tag) {
        out.append("</").append(tag).append('>');
        return this;
    }

    /** An element that holds text. */
    Html element(String tag, String text, String... attributes) {
        return open(tag, attributes).text(text).close(tag);
    }

    Html link(String address, String text) {
        return element("a", text, "href", address);
    }

    Html chart(Chart chart) {
        out.append(PageParts.figure(chart, "chart-" + ++charts));
        return this;
    }

    /** A field that a form sends along unseen. */
    Html hidden(String name, String value) {
        return open("input", "type", "hidden", "name", name, "value", value);
    }

    /** One choice of a select. */
    Html option(String value, String text, boolean chosen) {
        return chosen
                ? element("option", text, "value", value, "selected", "")
                : element("option", text, "value", value);
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
