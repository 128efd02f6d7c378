package dev.arclight.track.pages;

import dev.arclight.web.Reply;
import dev.arclight.web.Request;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;

/** What all pages have around their content. */
final class Layout {
    private final PageAssets assets;

    Layout(PageAssets assets) {
        this.assets = assets;
    }

    /**
     * What a page is.
     *
     * @param title heading and the window's title
     * @param trail links to the pages above: addresses and names in turn
     * @param live whether something on it is still changing, so that it is fetched again every few seconds
     * @param charts whether it has any
     */
    record Frame(String title, String subtitle, List<String> trail, boolean live, boolean charts) {
        static Frame of(String title, String... trail) {
            return new Frame(title, "", List.of(trail), false, false);
        }

        Frame withSubtitle(String text) {
            return new Frame(title, text, trail, live, charts);
        }

        Frame withLive(boolean isLive) {
            return new Frame(title, subtitle, trail, isLive, charts);
        }

        Frame withCharts() {
            return new Frame(title, subtitle, trail, live, true);
        }
    }

    Reply reply(Request request, Frame frame, Consumer<Html> content) {
        Html html = new Html();
        head(html, frame);
        html.raw("<body>\n<a class=\"skip\" href=\"#main\">Skip to the content</a>\n");
        navigation(html, request);
        html.raw("<div class=\"page wide\">\n<header class=\"top\"><div>");
        if (!frame.trail().isEmpty()) {
            html.raw("<nav class=\"trail\" aria-label=\"Above\"><ol>");
            for (int i = 0; i < frame.trail().size(); i += 2) {
                html.raw("<li>")
                        .link(frame.trail().get(i), frame.trail().get(i + 1))
                        .raw("</li>");
            }
            html.raw("</ol></nav>");
        }
        html.element("h1", frame.title());
        if (!frame.subtitle().isEmpty()) {
            html.element("p", frame.subtitle(), "class", "subtitle");
        }
        html.raw("</div></header>\n");
        html.open("main", "id", "main", "data-live", Boolean.toString(frame.live()));
        if (frame.live()) {
            html.raw("<p class=\"live\" data-part=\"live\"><span class=\"pulse\" aria-hidden=\"true\"></span>"
                    + "<span class=\"said\">Running: this page follows.</span> "
                    + "<button type=\"button\" class=\"pause\" aria-pressed=\"false\" hidden>Pause</button></p>\n");
        }
        content.accept(html);
        html.raw("</main>\n</div>\n");
        for (String script : assets.scripts(frame.charts())) {
            html.open("script", "src", script).raw("</script>\n");
        }
        html.raw("</body>\n</html>\n");
        return Reply.bytes("text/html; charset=utf-8", html.toString().getBytes(StandardCharsets.UTF_8))
                // With no-referrer a browser sends "Origin: null" along with forms, and the server would refuse them.
                .withHeader("Referrer-Policy", "same-origin");
    }

    private void head(Html html, Frame frame) {
        html.raw("""
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="color-scheme" content="light dark">
                """);
        html.element("title", frame.title() + " · Arclight").raw("\n");
        html.raw("<link rel=\"icon\" href=\"data:,\">\n");
        html.open("link", "rel", "stylesheet", "href", assets.style()).raw("\n");
        html.open("script", "src", assets.early()).raw("</script>\n</head>\n");
    }

    private static void navigation(Html html, Request request) {
        boolean models = request.rawPath().startsWith("/models");
        html.raw("<header class=\"bar\"><nav aria-label=\"Main\"><a class=\"brand\" href=\"/\">Arclight</a>");
        entry(html, "/", "Experiments", !models);
        entry(html, "/models", "Models", models);
        html.raw("</nav><div class=\"right\">");
        if (!request.caller().equals("local")) {
            html.raw("<form method=\"post\" action=\"/sign-out\"><span class=\"who\">")
                    .text(request.caller())
                    .raw("</span> <button class=\"plain\">Sign out</button></form>");
        }
        html.raw("<button type=\"button\" class=\"theme\" hidden aria-label=\"Colours: automatic\">"
                + "<span aria-hidden=\"true\"></span></button></div></header>\n");
    }

    private static void entry(Html html, String address, String name, boolean here) {
        if (here) {
            html.element("a", name, "href", address, "aria-current", "true");
        } else {
            html.link(address, name);
        }
    }
}
