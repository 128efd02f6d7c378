package dev.arclight.track.pages;

import dev.arclight.track.Experiment;
import dev.arclight.track.ExperimentSearch;
import dev.arclight.track.Page;
import dev.arclight.track.Run;
import dev.arclight.track.RunSearch;
import dev.arclight.track.Tracking;
import dev.arclight.track.View;
import dev.arclight.web.Reply;
import dev.arclight.web.Request;
import java.util.List;
import java.util.Optional;

/** All experiments, the newest first. */
final class ExperimentsPage {
    private static final int SIZE = 50;
    private static final String NOTE = "mlflow.note.content";

    private final Tracking tracking;
    private final Layout layout;

    ExperimentsPage(Tracking tracking, Layout layout) {
        this.tracking = tracking;
        this.layout = layout;
    }

    Reply show(Request request) {
        String name = request.query("name").orElse("").strip();
        Optional<String> token = request.query("page").filter(text -> !text.isEmpty());
        Page<Experiment> page = tracking.experiments()
                .search(new ExperimentSearch(
                        View.ACTIVE_ONLY,
                        name.isEmpty() ? "" : "name ILIKE " + FilterText.like(name),
                        List.of("last_update_time DESC"),
                        SIZE,
                        token));
        return layout.reply(request, Layout.Frame.of("Experiments"), html -> {
            html.raw("<form class=\"search\" role=\"search\"><label for=\"name\">Name contains</label>");
            html.open("input", "id", "name", "name", "name", "type", "search", "value", name, "data-key", "/");
            html.raw("<button>Search</button></form>\n");
            if (page.items().isEmpty()) {
                html.raw("<p class=\"empty\">No experiments");
                html.text(name.isEmpty() ? "." : " whose name contains “" + name + "”.")
                        .raw("</p>");
                return;
            }
            table(html, page.items());
            page.nextToken()
                    .ifPresent(next -> html.raw("<p class=\"pager\">")
                            .link(
                                    new Links.Query()
                                            .add("name", name)
                                            .add("page", next)
                                            .after("/"),
                                    "More experiments")
                            .raw("</p>"));
        });
    }

    private void table(Html html, List<Experiment> experiments) {
        html.raw("<div class=\"table\"><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Experiments\">"
                + "<table><thead><tr><th scope=\"col\">Name</th><th scope=\"col\" class=\"n\">Runs</th>"
                + "<th scope=\"col\">Latest run</th><th scope=\"col\">Created</th><th scope=\"col\">Note</th>"
                + "</tr></thead><tbody>\n");
        for (Experiment experiment : experiments) {
            RunSearch all = RunSearch.in(experiment);
            html.raw("<tr><td>")
                    .link(Links.experiment(experiment.id()), experiment.name())
                    .raw("</td><td class=\"n\">");
            html.text("%,d".formatted(tracking.runs().count(all))).raw("</td><td>");
            Optional<Run> latest = tracking.runs().first(all);
            if (latest.isPresent()) {
                html.link(Links.run(latest.get().id()), latest.get().name()).raw(" ");
                Formats.status(html, latest.get().status());
            }
            html.raw("</td><td>");
            Formats.time(html, experiment.createdMillis()).raw("</td><td class=\"note-cell\">");
            html.text(Formats.shortened(experiment.tags().getOrDefault(NOTE, ""), 120))
                    .raw("</td></tr>\n");
        }
        html.raw("</tbody></table></div></div>\n");
    }
}
