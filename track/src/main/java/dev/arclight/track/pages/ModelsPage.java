package dev.arclight.track.pages;

import dev.arclight.track.ModelVersion;
import dev.arclight.track.Page;
import dev.arclight.track.RegisteredModel;
import dev.arclight.track.RegistrySearch;
import dev.arclight.track.Tracking;
import dev.arclight.web.Reply;
import dev.arclight.web.Request;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** All registered models. */
final class ModelsPage {
    private static final int SIZE = 100;

    private final Tracking tracking;
    private final Layout layout;

    ModelsPage(Tracking tracking, Layout layout) {
        this.tracking = tracking;
        this.layout = layout;
    }

    Reply show(Request request) {
        String name = request.query("name").orElse("").strip();
        Page<RegisteredModel> page = tracking.registry()
                .search(new RegistrySearch(
                        name.isEmpty() ? "" : "name ILIKE " + FilterText.like(name),
                        List.of(),
                        SIZE,
                        request.query("page").filter(text -> !text.isEmpty())));
        return layout.reply(request, Layout.Frame.of("Models"), html -> {
            html.raw("<form class=\"search\" role=\"search\"><label for=\"name\">Name contains</label>");
            html.open("input", "id", "name", "name", "name", "type", "search", "value", name, "data-key", "/");
            html.raw("<button>Search</button></form>\n");
            if (page.items().isEmpty()) {
                html.raw("<p class=\"empty\">No registered models. Register one:"
                        + " <code>mlflow.register_model(\"runs:/…/model\", \"name\")</code>.</p>");
                return;
            }
            table(html, page.items());
            page.nextToken()
                    .ifPresent(next -> html.raw("<p class=\"pager\">")
                            .link(
                                    new Links.Query()
                                            .add("name", name)
                                            .add("page", next)
                                            .after("/models"),
                                    "More models")
                            .raw("</p>"));
        });
    }

    private static void table(Html html, List<RegisteredModel> models) {
        html.raw("<div class=\"table\"><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Models\">"
                + "<table><thead><tr><th scope=\"col\">Name</th><th scope=\"col\" class=\"n\">Newest version</th>"
                + "<th scope=\"col\">Aliases</th><th scope=\"col\">Updated</th><th scope=\"col\">Description</th>"
                + "</tr></thead><tbody>\n");
        for (RegisteredModel model : models) {
            Optional<ModelVersion> newest =
                    model.latestVersions().stream().max(Comparator.comparingInt(ModelVersion::version));
            html.raw("<tr><th scope=\"row\">")
                    .link(Links.model(model.name()), model.name())
                    .raw("</th>");
            html.element(
                    "td", newest.map(one -> Integer.toString(one.version())).orElse("–"), "class", "n");
            html.raw("<td>");
            new TreeMap<>(model.aliases())
                    .forEach((alias, version) -> html.element(
                                    "span", "%s → %d".formatted(alias, version), "class", "alias")
                            .raw(" "));
            html.raw("</td><td>");
            Formats.time(html, model.updatedMillis()).raw("</td>");
            html.element("td", Formats.shortened(model.description(), 160), "class", "note-cell")
                    .raw("</tr>\n");
        }
        html.raw("</tbody></table></div></div>\n");
    }
}
