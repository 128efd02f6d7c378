package dev.arclight.base.report;

import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Turns a report into HTML. Every text from outside goes through {@link Html#escaped}; the page's policy allows no
 * script but the three that are inlined here, by their hash, so that even markup that slipped in could not run.
 */
final class PageHtml {
    private final Report report;
    private final StringBuilder html = new StringBuilder(1 << 16);
    private final List<String> anchors = new ArrayList<>();
    private int charts;

    PageHtml(Report report) {
        this.report = report;
        Set<String> taken = new HashSet<>(Set.of("main"));
        for (Section section : report.sections()) {
            anchors.add(anchor(section.heading(), taken));
        }
    }

    void writeTo(Writer out) throws IOException {
        boolean withCharts = report.sections().stream()
                .flatMap(section -> section.blocks().stream())
                .anyMatch(block -> block instanceof Section.Block.Chartset);
        Assets assets = Assets.load(withCharts);
        head(assets);
        body();
        out.append(html);
        for (String script : assets.scripts()) {
            out.append("<script>").append(script).append("</script>\n");
        }
        out.append("</body>\n</html>\n");
    }

    private void head(Assets assets) {
        html.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        html.append("<meta http-equiv=\"Content-Security-Policy\" content=\"")
                .append(assets.policy())
                .append("\">\n");
        html.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        html.append("<meta name=\"color-scheme\" content=\"light dark\">\n");
        html.append("<meta name=\"referrer\" content=\"no-referrer\">\n");
        html.append("<title>").append(Html.escaped(report.title())).append("</title>\n");
        html.append("<style>").append(assets.style()).append("</style>\n");
        html.append("<script>").append(assets.early()).append("</script>\n</head>\n");
    }

    private void body() {
        html.append("<body>\n<a class=\"skip\" href=\"#main\">Skip to the content</a>\n<div class=\"page\">\n");
        contents();
        html.append("<div class=\"column\">\n<header class=\"top\">\n<div>\n");
        element("h1", "", report.title());
        if (!report.subtitle().isEmpty()) {
            element("p", "subtitle", report.subtitle());
        }
        html.append("</div>\n<button type=\"button\" class=\"theme\" hidden aria-label=\"Colours: automatic\">")
                .append("<span aria-hidden=\"true\"></span></button>\n</header>\n<main id=\"main\">\n");
        facts();
        for (int i = 0; i < report.sections().size(); i++) {
            section(report.sections().get(i), anchors.get(i));
        }
        html.append("</main>\n");
        footer();
        html.append("</div>\n</div>\n");
    }

    private void contents() {
        if (report.sections().size() < 2) {
            return;
        }
        html.append("<nav class=\"contents\" aria-label=\"Contents\">\n<ol>\n");
        for (int i = 0; i < anchors.size(); i++) {
            html.append("<li><a href=\"#")
                    .append(anchors.get(i))
                    .append("\">")
                    .append(Html.escaped(report.sections().get(i).heading()))
                    .append("</a></li>\n");
        }
        html.append("</ol>\n</nav>\n");
    }

    private void facts() {
        if (report.facts().isEmpty()) {
            return;
        }
        html.append("<dl class=\"facts\">\n");
        for (Report.Fact fact : report.facts()) {
            html.append("<div>");
            element("dt", "", fact.label());
            element("dd", "value", fact.value());
            if (!fact.remark().isEmpty()) {
                element("dd", "remark", fact.remark());
            }
            html.append("</div>\n");
        }
        html.append("</dl>\n");
    }

    private void section(Section section, String anchor) {
        html.append("<section id=\"")
                .append(anchor)
                .append("\" aria-labelledby=\"")
                .append(anchor)
                .append("-heading\">\n<h2 id=\"")
                .append(anchor)
                .append("-heading\">")
                .append(Html.escaped(section.heading()))
                .append("</h2>\n");
        for (Section.Block block : section.blocks()) {
            if (block instanceof Section.Block.Paragraph paragraph) {
                html.append("<p>").append(Html.of(paragraph.text())).append("</p>\n");
            } else if (block instanceof Section.Block.Heading heading) {
                element("h3", "", heading.text());
            } else if (block instanceof Section.Block.Note note) {
                html.append(
                                note.warning()
                                        ? "<div class=\"note warning\" role=\"note\">"
                                        : "<div class=\"note\" role=\"note\">")
                        .append("<p>")
                        .append(Html.of(note.text()))
                        .append("</p></div>\n");
            } else if (block instanceof Section.Block.Code code) {
                html.append("<div class=\"code\"><pre tabindex=\"0\"><code>")
                        .append(Html.escaped(code.code()))
                        .append("</code></pre><button type=\"button\" class=\"copy\" hidden>Copy</button></div>\n");
            } else if (block instanceof Section.Block.Tabular tabular) {
                TableHtml.write(html, tabular.table());
            } else if (block instanceof Section.Block.Chartset set) {
                html.append(set.grid() ? "<div class=\"charts\">\n" : "<div class=\"charts one\">\n");
                set.charts().forEach(this::chart);
                html.append("</div>\n");
            }
        }
        html.append("</section>\n");
    }

    private void chart(Chart chart) {
        ChartHtml.write(html, chart, "chart-" + ++charts);
    }

    private void footer() {
        html.append("<footer>\n");
        for (Text source : report.sources()) {
            html.append("<p>").append(Html.of(source)).append("</p>\n");
        }
        if (charts > 0) {
            html.append("<p>Charts drawn by Apache ECharts (Apache License 2.0), included in this file.</p>\n");
        }
        html.append("</footer>\n");
    }

    private void element(String name, String style, String text) {
        html.append('<').append(name);
        if (!style.isEmpty()) {
            html.append(" class=\"").append(style).append('"');
        }
        html.append('>').append(Html.escaped(text)).append("</").append(name).append(">\n");
    }

    private static String anchor(String heading, Set<String> taken) {
        String base =
                heading.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
        base = base.isEmpty() || base.startsWith("chart-") ? "section-" + base : base;
        String anchor = base;
        for (int i = 2; !taken.add(anchor); i++) {
            anchor = base + "-" + i;
        }
        return anchor;
    }
}
