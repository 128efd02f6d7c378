package dev.arclight.track.pages;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.track.AliasChange;
import dev.arclight.track.ModelVersion;
import dev.arclight.track.Promotion;
import dev.arclight.track.RegisteredModel;
import dev.arclight.track.Run;
import dev.arclight.track.Tracking;
import dev.arclight.track.gates.Gate;
import dev.arclight.web.HttpError;
import dev.arclight.web.Reply;
import dev.arclight.web.Request;
import dev.arclight.web.Role;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** One registered model: its versions, who promoted which and why, and the buttons to promote and roll back. */
final class ModelPage {
    private static final int MOST_METRICS = 6;

    private final Tracking tracking;
    private final Layout layout;

    ModelPage(Tracking tracking, Layout layout) {
        this.tracking = tracking;
        this.layout = layout;
    }

    Reply show(Request request) {
        RegisteredModel model = tracking.registry().load(request.parameter("name"));
        List<ModelVersion> versions = tracking.registry().versions(model.name());
        List<AliasChange> history = new ArrayList<>(tracking.registry().history(model.name()));
        Collections.reverse(history);
        Layout.Frame frame = Layout.Frame.of(model.name(), "/models", "Models").withSubtitle(model.description());
        return layout.reply(request, frame, html -> {
            if (request.role().covers(Role.ADMIN) && !versions.isEmpty()) {
                promotion(html, model, versions);
            }
            versions(html, versions);
            history(html, history);
        });
    }

    /** Moves an alias if the gates let the version through and it still names what the page showed. */
    Reply promote(Request request) throws IOException {
        String name = request.parameter("name");
        String alias = required(request, "alias");
        Optional<Integer> expected = request.form("expected-" + alias).map(ModelPage::version);
        tracking.promote(Promotion.of(name, alias, version(required(request, "version")))
                .expecting(expected)
                .by(request.caller())
                .because(required(request, "why")));
        return Reply.empty(303).withHeader("Location", Links.model(name));
    }

    Reply rollback(Request request) throws IOException {
        String name = request.parameter("name");
        tracking.registry().rollback(name, required(request, "alias"), request.caller(), required(request, "why"));
        return Reply.empty(303).withHeader("Location", Links.model(name));
    }

    private static String required(Request request, String field) throws IOException {
        return request.form(field)
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .orElseThrow(() -> HttpError.badRequest("The field '%s' of the form is empty".formatted(field)));
    }

    private static int version(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw HttpError.badRequest("'%s' is no version: expected a number".formatted(text));
        }
    }

    private static void promotion(Html html, RegisteredModel model, List<ModelVersion> versions) {
        html.raw("<section><h2>Promote</h2>");
        html.open("form", "class", "promote", "method", "post", "action", Links.model(model.name()) + "/promote");
        html.raw("<label for=\"version\">Version</label><select id=\"version\" name=\"version\">");
        versions.forEach(one -> html.option(
                Integer.toString(one.version()),
                Integer.toString(one.version()),
                one.version() == versions.get(0).version()));
        html.raw("</select><label for=\"alias\">becomes</label>"
                + "<input id=\"alias\" name=\"alias\" value=\"champion\" required maxlength=\"255\" list=\"aliases\">"
                + "<datalist id=\"aliases\">");
        model.aliases().keySet().forEach(alias -> html.open("option", "value", alias));
        html.raw("</datalist><label for=\"why\">because</label>"
                + "<input id=\"why\" name=\"why\" required class=\"why\" placeholder=\"what was checked\">");
        model.aliases().forEach((alias, version) -> html.hidden("expected-" + alias, Integer.toString(version)));
        html.raw("<button>Promote</button></form>\n");
        String gates = Gate.tagged(model.tags()).entrySet().stream()
                .map(tag -> Gate.name(tag.getKey()) + " " + tag.getValue())
                .collect(Collectors.joining(", "));
        if (!gates.isEmpty()) {
            html.element("p", "Gates that a version must pass: " + gates, "class", "gates");
        }
        new TreeMap<>(model.aliases()).forEach((alias, version) -> {
            html.open("form", "class", "promote", "method", "post", "action", Links.model(model.name()) + "/rollback");
            html.hidden("alias", alias);
            html.element(
                    "label",
                    "Take back the latest promotion of %s (now %d), because".formatted(alias, version),
                    "for",
                    "why-" + alias);
            html.open("input", "id", "why-" + alias, "name", "why", "required", "", "class", "why");
            html.raw("<button class=\"second\">Roll back</button></form>\n");
        });
        html.raw("</section>\n");
    }

    private void versions(Html html, List<ModelVersion> versions) {
        html.raw("<section><h2>Versions</h2>");
        if (versions.isEmpty()) {
            html.raw("<p class=\"empty\">No versions yet.</p></section>");
            return;
        }
        Map<String, Run> runs = new TreeMap<>();
        for (ModelVersion version : versions) {
            if (!version.runId().isEmpty() && !runs.containsKey(version.runId())) {
                load(version.runId()).ifPresent(run -> runs.put(version.runId(), run));
            }
        }
        List<String> metrics = RunColumns.all(runs.values()).metrics();
        List<String> shown = metrics.subList(0, Math.min(MOST_METRICS, metrics.size()));
        html.raw("<div class=\"table\"><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Versions\">"
                + "<table class=\"sortable\"><thead><tr><th scope=\"col\" class=\"n\">Version</th>"
                + "<th scope=\"col\">Aliases</th><th scope=\"col\">Stage</th><th scope=\"col\">Run</th>");
        shown.forEach(key -> html.element("th", key, "scope", "col", "class", "n"));
        html.raw(
                "<th scope=\"col\">Registered</th><th scope=\"col\">By</th><th scope=\"col\">Description</th></tr></thead><tbody>\n");
        for (ModelVersion version : versions) {
            html.raw("<tr>")
                    .element(
                            "th",
                            Integer.toString(version.version()),
                            "scope",
                            "row",
                            "class",
                            "n",
                            "data-value",
                            Integer.toString(version.version()));
            html.raw("<td>");
            version.aliases()
                    .forEach(alias ->
                            html.element("span", alias, "class", "alias").raw(" "));
            html.raw("</td>")
                    .element("td", version.stage().equals("None") ? "–" : version.stage())
                    .raw("<td>");
            Run run = runs.get(version.runId());
            if (run != null) {
                html.link(Links.run(run.id()), run.name());
            } else {
                html.text(Formats.shortened(version.source(), 60));
            }
            html.raw("</td>");
            for (String key : shown) {
                Optional<Double> value = run == null ? Optional.empty() : run.metric(key);
                html.element(
                        "td",
                        value.map(Formats::number).orElse("–"),
                        "class",
                        "n",
                        "data-value",
                        value.map(String::valueOf).orElse(""));
            }
            html.raw("<td>");
            Formats.time(html, version.createdMillis()).raw("</td>");
            html.element("td", version.user())
                    .element("td", Formats.shortened(version.description(), 160), "class", "note-cell");
            html.raw("</tr>\n");
        }
        html.raw("</tbody></table></div></div></section>\n");
    }

    /** A run that the version names; it may have been in another store. */
    private Optional<Run> load(String runId) {
        try {
            return Optional.of(tracking.runs().load(runId));
        } catch (ArclightException e) {
            if (e.code() == ErrorCode.NOT_FOUND || e.code() == ErrorCode.BAD_INPUT) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static void history(Html html, List<AliasChange> history) {
        html.raw("<section><h2>History</h2>");
        if (history.isEmpty()) {
            html.raw("<p class=\"empty\">No alias was ever moved.</p></section>");
            return;
        }
        html.raw(
                "<div class=\"table\"><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"History\"><table>"
                        + "<thead><tr><th scope=\"col\">When</th><th scope=\"col\">Alias</th><th scope=\"col\">What</th>"
                        + "<th scope=\"col\">From</th><th scope=\"col\">To</th><th scope=\"col\">Who</th>"
                        + "<th scope=\"col\">Why</th><th scope=\"col\">Evidence</th></tr></thead><tbody>\n");
        for (AliasChange change : history) {
            html.raw("<tr><td>");
            Formats.time(html, change.atMillis()).raw("</td>");
            html.element("td", change.alias())
                    .element("td", change.kind().name().toLowerCase(Locale.ROOT));
            html.element("td", number(change.from())).element("td", number(change.to()));
            html.element("td", change.who()).element("td", change.why(), "class", "long");
            List<String> evidence = new ArrayList<>();
            new TreeMap<>(change.evidence()).forEach((key, value) -> evidence.add(key + " " + value));
            html.element("td", Formats.shortened(String.join(", ", evidence), 300), "class", "long")
                    .raw("</tr>\n");
        }
        html.raw("</tbody></table></div></div></section>\n");
    }

    private static String number(OptionalInt version) {
        return version.isPresent() ? Integer.toString(version.getAsInt()) : "–";
    }
}
