package dev.arclight.track.pages;

import dev.arclight.track.RunGroup;
import java.util.List;
import java.util.OptionalDouble;

/** Groups of runs, one a row; each leads to its runs. */
final class RunGroupsTable {
    private RunGroupsTable() {}

    static void write(Html html, RunsView view, List<RunGroup> groups) {
        String by = view.group().replace("`", "");
        html.raw("<div class=\"actions\"><p>")
                .text(Formats.count(groups.size(), "group", "groups"))
                .raw("</p>");
        html.link(view.ungrouped().address(), "All runs").raw("</div>\n");
        html.raw("<div class=\"table\" data-part=\"runs\"><div class=\"scroll\" tabindex=\"0\" role=\"region\""
                + " aria-label=\"Groups\"><table class=\"sortable\"><thead><tr>");
        html.element("th", by, "scope", "col").element("th", "Runs", "scope", "col", "class", "n");
        if (!view.metric().isEmpty()) {
            for (String figure : List.of("Mean", "Lowest", "Highest")) {
                html.element("th", figure + " " + view.metric(), "scope", "col", "class", "n");
            }
        }
        html.raw("</tr></thead><tbody>\n");
        for (RunGroup group : groups) {
            html.raw("<tr><th scope=\"row\">");
            html.link(
                    view.filtered(condition(view, group)).address(),
                    group.value().orElse("none"));
            html.raw("</th>")
                    .element(
                            "td",
                            "%,d".formatted(group.runs()),
                            "class",
                            "n",
                            "data-value",
                            Long.toString(group.runs()));
            if (!view.metric().isEmpty()) {
                figure(html, group.mean());
                figure(html, group.min());
                figure(html, group.max());
            }
            html.raw("</tr>\n");
        }
        html.raw("</tbody></table></div></div>\n");
    }

    private static String condition(RunsView view, RunGroup group) {
        String same = group.value()
                .map(value -> "%s %s".formatted(view.group(), equal(value)))
                .orElse(view.group() + " IS NULL");
        return FilterText.all(List.of(FilterText.of(view.filter()), same));
    }

    /** The grammar has no escapes, but two kinds of quotes. */
    private static String equal(String value) {
        if (value.indexOf('\'') < 0) {
            return "= '" + value + "'";
        }
        return value.indexOf('"') < 0 ? "= \"" + value + "\"" : "LIKE '" + value.replace('\'', '_') + "'";
    }

    private static void figure(Html html, OptionalDouble value) {
        if (value.isEmpty()) {
            html.raw("<td class=\"n none\">–</td>");
        } else {
            html.element(
                    "td",
                    Formats.number(value.getAsDouble()),
                    "class",
                    "n",
                    "data-value",
                    Double.toString(value.getAsDouble()));
        }
    }
}
