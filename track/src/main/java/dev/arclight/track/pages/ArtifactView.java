package dev.arclight.track.pages;

import dev.arclight.track.ArtifactEntry;
import dev.arclight.track.Run;
import dev.arclight.track.Tracking;
import dev.arclight.web.Reply;
import dev.arclight.web.Request;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Files of a run: listed, and shown where that is safe. What others stored never runs in this server's origin: pages
 * and drawings are sent with a policy that forbids scripts and takes their origin away, all else as a download.
 */
final class ArtifactView {
    private static final int TEXT_BYTES = 64 << 10;
    private static final int CSV_ROWS = 100;
    private static final Map<String, String> IMAGES = Map.of(
            "png",
            "image/png",
            "jpg",
            "image/jpeg",
            "jpeg",
            "image/jpeg",
            "gif",
            "image/gif",
            "webp",
            "image/webp",
            "svg",
            "image/svg+xml");
    private static final Set<String> PAGES = Set.of("html", "htm");
    private static final Set<String> TEXTS = Set.of(
            "txt",
            "md",
            "log",
            "json",
            "jsonl",
            "yaml",
            "yml",
            "xml",
            "py",
            "java",
            "sql",
            "toml",
            "ini",
            "cfg",
            "sh",
            "js",
            "css",
            "r",
            "scala",
            "properties");

    private final Tracking tracking;

    ArtifactView(Tracking tracking) {
        this.tracking = tracking;
    }

    void section(Html html, Run run, String folder, Optional<String> file) throws IOException {
        List<ArtifactEntry> entries = tracking.artifacts().list(run.artifactUri(), folder);
        if (entries.isEmpty() && folder.isEmpty()) {
            return;
        }
        html.raw(
                "<section id=\"files\" data-part=\"files\"><h2>Artifacts</h2><div class=\"files\"><nav aria-label=\"Files\"><ul>");
        if (!folder.isEmpty()) {
            int slash = folder.lastIndexOf('/');
            entry(html, run, slash < 0 ? "" : folder.substring(0, slash), "", "..", false);
            html.raw("</li>");
        }
        for (ArtifactEntry entry : entries) {
            String name = entry.path().substring(entry.path().lastIndexOf('/') + 1);
            boolean here = file.filter(entry.path()::equals).isPresent();
            if (entry.isDirectory()) {
                entry(html, run, entry.path(), "", name + "/", false);
            } else {
                entry(html, run, folder, entry.path(), name, here);
                html.element("span", Formats.bytes(entry.sizeBytes()), "class", "size");
            }
            html.raw("</li>");
        }
        html.raw("</ul></nav><div class=\"preview\">");
        if (file.isPresent()) {
            preview(html, run, file.get());
        } else {
            html.raw("<p class=\"quiet\">Choose a file to see it.</p>");
        }
        html.raw("</div></div></section>\n");
    }

    private static void entry(Html html, Run run, String folder, String file, String name, boolean here) {
        String address =
                new Links.Query().add("folder", folder).add("file", file).after(Links.run(run.id())) + "#files";
        html.raw("<li>");
        if (here) {
            html.element("a", name, "href", address, "aria-current", "true");
        } else {
            html.link(address, name);
        }
    }

    private void preview(Html html, Run run, String path) throws IOException {
        String address = Links.file(run.id(), path);
        html.raw("<p class=\"path\"><code>").text(path).raw("</code> ");
        html.element("a", "Download", "href", address + "?download=1", "download", "")
                .raw("</p>\n");
        String ending = ending(path);
        if (IMAGES.containsKey(ending)) {
            html.open("img", "src", address, "alt", path, "loading", "lazy");
        } else if (PAGES.contains(ending)) {
            html.raw("<p class=\"quiet\">Shown without its scripts.</p>");
            html.open("iframe", "sandbox", "", "src", address, "title", path).close("iframe");
        } else if (ending.equals("csv") || ending.equals("tsv")) {
            csv(html, run, path, ending.equals("csv") ? ',' : '\t');
        } else if (TEXTS.contains(ending) || path.endsWith("MLmodel") || looksLikeText(run, path)) {
            text(html, run, path);
        } else {
            html.raw("<p class=\"quiet\">No preview of this kind of file.</p>");
        }
    }

    private void text(Html html, Run run, String path) throws IOException {
        byte[] start = start(run, path);
        html.raw("<div class=\"code\"><pre tabindex=\"0\"><code>")
                .text(decoded(start))
                .raw("</code></pre></div>");
        if (start.length == TEXT_BYTES) {
            html.raw("<p class=\"quiet\">The first 64 KiB.</p>");
        }
    }

    private void csv(Html html, Run run, String path, char separator) throws IOException {
        byte[] start = start(run, path);
        List<List<String>> rows = rows(decoded(start), separator);
        if (start.length == TEXT_BYTES && rows.size() > 1) {
            rows.remove(rows.size() - 1); // cut off
        }
        if (rows.isEmpty()) {
            html.raw("<p class=\"quiet\">The file is empty.</p>");
            return;
        }
        html.raw("<div class=\"table\"><div class=\"scroll\" tabindex=\"0\"><table><thead><tr>");
        rows.get(0).forEach(cell -> html.element("th", cell, "scope", "col"));
        html.raw("</tr></thead><tbody>\n");
        for (List<String> row : rows.subList(1, Math.min(rows.size(), CSV_ROWS + 1))) {
            html.raw("<tr>");
            row.forEach(cell -> html.element("td", Formats.shortened(cell, 200)));
            html.raw("</tr>\n");
        }
        html.raw("</tbody></table></div></div>");
        if (rows.size() > CSV_ROWS + 1 || start.length == TEXT_BYTES) {
            html.raw("<p class=\"quiet\">The first ")
                    .text(Math.min(CSV_ROWS, rows.size() - 1))
                    .raw(" rows.</p>");
        }
    }

    /** RFC 4180: fields in double quotes may hold separators, line ends and doubled quotes. */
    static List<List<String>> rows(String text, char separator) {
        List<List<String>> rows = new ArrayList<>();
        List<String> row = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted) {
                if (c == '"' && i + 1 < text.length() && text.charAt(i + 1) == '"') {
                    cell.append('"');
                    i++;
                } else if (c == '"') {
                    quoted = false;
                } else {
                    cell.append(c);
                }
            } else if (c == '"' && cell.isEmpty()) {
                quoted = true;
            } else if (c == separator || c == '\n') {
                row.add(cell.toString());
                cell.setLength(0);
                if (c == '\n') {
                    rows.add(row);
                    row = new ArrayList<>();
                }
            } else if (c != '\r') {
                cell.append(c);
            }
        }
        if (!cell.isEmpty() || !row.isEmpty()) {
            row.add(cell.toString());
            rows.add(row);
        }
        return rows;
    }

    /** A file itself, for the previews and for saving. */
    Reply file(Request request) throws IOException {
        Run run = tracking.runs().load(request.parameter("id"));
        String path = request.parameter("path");
        String ending = ending(path);
        boolean download = request.query("download").isPresent();
        String type = download
                ? "application/octet-stream"
                : PAGES.contains(ending)
                        ? "text/html; charset=utf-8"
                        : IMAGES.getOrDefault(ending, "application/octet-stream");
        InputStream content = tracking.artifacts().open(run.artifactUri(), path);
        Reply reply = Reply.stream(type, OptionalLong.empty(), out -> {
                    try (content) {
                        content.transferTo(out);
                    }
                })
                // An origin of its own, no scripts, nothing from elsewhere; shown in our frames only.
                .withHeader(
                        "Content-Security-Policy",
                        "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:;"
                                + " frame-ancestors 'self'")
                .withHeader("X-Frame-Options", "SAMEORIGIN");
        return type.equals("application/octet-stream") ? reply.withHeader("Content-Disposition", "attachment") : reply;
    }

    private boolean looksLikeText(Run run, String path) throws IOException {
        byte[] start = start(run, path);
        for (byte one : start) {
            if (one == 0) {
                return false;
            }
        }
        return decoded(start).chars().filter(c -> c == '\uFFFD').count() <= start.length / 100;
    }

    private byte[] start(Run run, String path) throws IOException {
        try (InputStream in = tracking.artifacts().open(run.artifactUri(), path)) {
            return in.readNBytes(TEXT_BYTES);
        }
    }

    private static String decoded(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    private static String ending(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }
}
