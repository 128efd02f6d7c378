package dev.arclight.base.report;

import java.io.IOException;

/**
 * Parts for pages that a program serves rather than writes, so that they look and behave as a {@link Report} does: its
 * style, its scripts, its charts. Immutable.
 *
 * @param style CSS
 * @param early script that runs before the page is drawn: sets the colours the reader chose
 * @param library the chart library
 * @param charts script that draws all charts of the page, and again what is new or was replaced when the event
 *     {@code partschange} is sent to the document's root element
 * @param page script for what is around the charts: the button {@code button.theme}, which must be there, sorting,
 *     copying, folding
 */
public record PageParts(String style, String early, String library, String charts, String page) {
    /**
     * Reads them from the class path.
     *
     * @throws IOException if the class path lacks them
     */
    public static PageParts load() throws IOException {
        Assets assets = Assets.load(true);
        return new PageParts(
                assets.style(),
                assets.early(),
                assets.scripts().get(0),
                assets.scripts().get(1),
                assets.scripts().get(2));
    }

    /** {@code text} for element content and for attributes in double quotes. */
    public static String escaped(String text) {
        return Html.escaped(text);
    }

    /**
     * A chart as HTML, with the same numbers as a table below it.
     *
     * @param id of the element, unique in the page
     */
    public static String figure(Chart chart, String id) {
        StringBuilder html = new StringBuilder();
        ChartHtml.write(html, chart, id);
        return html.toString();
    }

    /** A number as a person reads it: up to five significant digits. */
    public static String number(double value) {
        return Numbers.general(value);
    }
}
