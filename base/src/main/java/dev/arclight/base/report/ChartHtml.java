package dev.arclight.base.report;

/** A chart as HTML: title, place to draw, what is drawn as data for the page's script, and the numbers to read. */
final class ChartHtml {
    private ChartHtml() {}

    static void write(StringBuilder html, Chart chart, String id) {
        html.append("<figure class=\"chart\" id=\"").append(Html.escaped(id)).append("\">\n<figcaption>");
        element(html, "title", chart.title());
        if (!chart.caption().isEmpty()) {
            element(html, "caption", chart.caption());
        }
        html.append("</figcaption>\n<div class=\"plot\" role=\"img\" aria-label=\"")
                .append(Html.escaped(chart.title() + ". " + chart.summary()))
                .append("\"></div>\n<noscript><p class=\"quiet\">")
                .append(Html.escaped(chart.summary()))
                .append(" The table below holds the same numbers.</p></noscript>\n");
        html.append("<script type=\"application/json\">")
                .append(Json.inScript(chart.spec()))
                .append("</script>\n<details><summary>Numbers<span class=\"hidden\"> of ")
                .append(Html.escaped(chart.title()))
                .append("</span></summary>\n");
        TableHtml.writeNumbers(html, chart.data());
        html.append("</details>\n</figure>\n");
    }

    private static void element(StringBuilder html, String style, String text) {
        html.append("<div class=\"")
                .append(style)
                .append("\">")
                .append(Html.escaped(text))
                .append("</div>\n");
    }
}
