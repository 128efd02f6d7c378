package dev.arclight.track.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.arclight.track.ArtifactEntry;
import dev.arclight.track.Run;
import dev.arclight.track.Tracking;
import dev.arclight.track.artifacts.LocalArtifacts;
import dev.arclight.web.HttpError;
import dev.arclight.web.Reply;
import dev.arclight.web.Request;
import dev.arclight.web.Role;
import dev.arclight.web.Route;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Artifacts: their lists, and their content through this server ({@code mlflow-artifacts/…}). Content is sent as a
 * download that a browser does not interpret, so that a stored page never runs in the server's origin.
 */
final class ArtifactEndpoints {
    private static final String ROOT = LocalArtifacts.SCHEME + "/";
    private static final String CONTENT = "mlflow-artifacts/artifacts";
    private static final Duration TRANSFER = Duration.ofHours(6);

    private final Tracking tracking;

    ArtifactEndpoints(Tracking tracking) {
        this.tracking = tracking;
    }

    void addTo(Endpoints endpoints) {
        endpoints.get("artifacts/list", (payload, request) -> {
            Run run = tracking.runs()
                    .load(payload.text("run_id").isEmpty() ? payload.required("run_uuid") : payload.text("run_id"));
            List<ObjectNode> files = tracking.artifacts().list(run.artifactUri(), payload.text("path")).stream()
                    .map(MlflowJson::file)
                    .toList();
            return MlflowJson.object()
                    .put("root_uri", run.artifactUri())
                    .setAll(MlflowJson.page("files", files, Optional.empty()));
        });
        endpoints.raw(CONTENT, path -> Route.of("GET", path, Role.READ, this::list));
        endpoints.raw(
                CONTENT + "/{path...}",
                path -> Route.of(
                                "GET",
                                path,
                                Role.READ,
                                request -> request.parameter("path").isEmpty()
                                        ? list(request)
                                        : download(ROOT, request.parameter("path")))
                        .withTime(TRANSFER));
        endpoints.raw(
                CONTENT + "/{path...}",
                path -> Route.of("PUT", path, Role.WRITE, this::upload)
                        .withBodyBytes(Long.MAX_VALUE)
                        .withTime(TRANSFER));
        endpoints.raw(
                CONTENT + "/{path...}",
                path -> Route.of("DELETE", path, Role.ADMIN, request -> {
                    tracking.artifacts().delete(ROOT, request.parameter("path"));
                    return Reply.json(MlflowJson.object());
                }));
        new MultipartUploads(tracking.artifacts(), ROOT).addTo(endpoints);
        endpoints.add(Route.of("GET", "/get-artifact", Role.READ, request -> {
                    String runId = request.query("run_id")
                            .or(() -> request.query("run_uuid"))
                            .orElseThrow(() -> HttpError.badRequest("Missing value for required parameter 'run_id'."));
                    String path = request.query("path")
                            .orElseThrow(() -> HttpError.badRequest("Missing value for required parameter 'path'."));
                    return download(tracking.runs().load(runId).artifactUri(), path);
                })
                .withTime(TRANSFER));
    }

    private Reply list(Request request) throws IOException {
        String path = request.query("path").orElse("");
        List<ObjectNode> files = tracking.artifacts().list(ROOT, path).stream()
                .map(entry -> MlflowJson.file(new ArtifactEntry(
                        entry.path().substring(entry.path().lastIndexOf('/') + 1),
                        entry.isDirectory(),
                        entry.sizeBytes())))
                .toList();
        return Reply.json(MlflowJson.page("files", files, Optional.empty()));
    }

    private Reply upload(Request request) throws IOException {
        InputStream body = request.body();
        tracking.artifacts().write(ROOT, request.parameter("path"), body::transferTo);
        return Reply.json(MlflowJson.object());
    }

    private Reply download(String root, String path) throws IOException {
        InputStream content = tracking.artifacts().open(root, path);
        return Reply.stream("application/octet-stream", OptionalLong.empty(), out -> copy(content, out))
                .withHeader("Content-Disposition", "attachment")
                .withHeader("X-Content-Type-Options", "nosniff");
    }

    private static void copy(InputStream content, OutputStream out) throws IOException {
        try (content) {
            content.transferTo(out);
        }
    }
}
