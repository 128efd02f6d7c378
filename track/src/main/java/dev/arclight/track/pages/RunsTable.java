package dev.arclight.track.pages;

import dev.arclight.track.Metric;
import dev.arclight.track.Run;
import java.util.List;

/** Runs, one a row. The heads of columns are links that sort. */
final class RunsTable {
    private RunsTable() {}

    static void write(Html html, RunsView view, RunColumns columns, List<Run> runs) {
        html.raw("<div class=\"table\" data-part=\"runs\"><div class=\"scroll\" tabindex=\"0\" role=\"region\""
                + " aria-label=\"Runs\"><table class=\"many\"><thead>");
        if (!columns.isEmpty()) {
            html.raw("<tr class=\"kinds\"><td colspan=\"5\"></td>");
            kind(html, columns.metrics().size(), "Metrics");
            kind(html, columns.params().size(), "Params");
            html.raw("</tr>");
        }
        html.raw(
                "<tr><th scope=\"col\"><input type=\"checkbox\" class=\"all\" aria-label=\"All of this page\" hidden></th>");
        head(html, view, "Name", "run_name", false);
        head(html, view, "Status", "status", false);
        head(html, view, "Started", "start_time", false);
        html.raw("<th scope=\"col\" class=\"n\">Took</th>");
        columns.metrics().forEach(key -> head(html, view, key, FilterText.field("metrics", key), true));
        columns.params().forEach(key -> head(html, view, key, FilterText.field("params", key), false));
        html.raw("</tr></thead><tbody>\n");
        long now = System.currentTimeMillis();
        for (Run run : runs) {
            row(html, columns, run, now);
        }
        html.raw("</tbody></table></div></div>\n");
    }

    private static void kind(Html html, int count, String name) {
        if (count > 0) {
            html.element("th", name, "scope", "colgroup", "colspan", Integer.toString(count));
        }
    }

    private static void head(Html html, RunsView view, String title, String field, boolean numeric) {
        boolean down = view.sort().equals(field + " DESC");
        boolean up = view.sort().equals(field + " ASC");
        String sort = down ? "descending" : up ? "ascending" : "none";
        html.open("th", "scope", "col", "class", numeric ? "n sorts" : "sorts", "aria-sort", sort);
        // Best first: what is large for metrics, what is new for times, else the alphabet.
        boolean firstDown = numeric || field.equals("start_time");
        String next = up ? " DESC" : down ? " ASC" : firstDown ? " DESC" : " ASC";
        html.link(view.sorted(field + next).address(), title).close("th");
    }

    private static void row(Html html, RunColumns columns, Run run, long now) {
        html.raw("<tr><td>");
        html.open("input", "type", "checkbox", "name", "run", "value", run.id(), "aria-label", "Compare " + run.name());
        html.raw("</td><th scope=\"row\">");
        if (run.parentId().isPresent()) {
            html.raw("<span class=\"nested\" title=\"nested\">↳<span class=\"hidden\"> nested:</span></span> ");
        }
        html.link(Links.run(run.id()), run.name()).raw("</th><td>");
        Formats.status(html, run.status()).raw("</td><td>");
        Formats.time(html, run.startMillis()).raw("</td>");
        html.element("td", Formats.duration(run, now), "class", "n");
        for (String key : columns.metrics()) {
            Metric metric = run.metrics().get(key);
            if (metric == null) {
                html.raw("<td class=\"n none\">–</td>");
            } else {
                html.element(
                        "td", Formats.number(metric.value()), "class", "n", "title", Double.toString(metric.value()));
            }
        }
        for (String key : columns.params()) {
            String value = run.params().get(key);
            if (value == null) {
                html.raw("<td class=\"none\">–</td>");
            } else if (value.length() > 40) {
                html.element("td", Formats.shortened(value, 40), "title", value);
            } else {
                html.element("td", value);
            }
        }
        html.raw("</tr>\n");
    }
}
