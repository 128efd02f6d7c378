package dev.arclight.track.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.testing.StandIn;
import dev.arclight.testing.StandIn.Answer;
import dev.arclight.testing.StandIn.Seen;
import dev.arclight.track.ArtifactEntry;
import dev.arclight.track.RunBatch;
import dev.arclight.track.Tracking;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Requests as Databricks documents them, against a stand-in that answers with the examples of its documentation: OAuth
 * for service principals ({@code /oidc/v1/token}), MLflow runs, and the artifact calls of MLflow's own Databricks
 * client ({@code databricks_artifacts.proto}). No workspace was at hand.
 */
@Timeout(60)
final class DatabricksTest {
    private static final String ROOT = "dbfs:/databricks/mlflow-tracking/42/0123456789abcdef0123456789abcdef/artifacts";
    private static final String MODEL_ROOT = "dbfs:/databricks/mlflow-tracking/42/logged_models/m-0123/artifacts";

    @TempDir
    private Path home;

    @Test
    void aServicePrincipalSignsInOnceByOauth() throws IOException {
        try (StandIn workspace = new StandIn(request -> request.path().equals("/oidc/v1/token")
                ? Answer.json("{\"access_token\": \"eyJraWQiOiJkYTA4\", \"scope\": \"all-apis\","
                        + " \"token_type\": \"Bearer\", \"expires_in\": 3600}")
                : Answer.json("{}"))) {
            config("[DEFAULT]\nhost = https://elsewhere.example\ntoken = x\n\n[prod]\nhost = %s/\nclient_id = 1b2c\n"
                            .formatted(workspace.uri())
                    + "client_secret = dose1234\n");
            try (Tracking tracking = RestTracking.open("databricks://prod", Map.of(), home)) {
                tracking.runs().log("a", RunBatch.tags(Map.of("t", "v")));
                tracking.runs().log("a", RunBatch.tags(Map.of("t", "w")));
                assertThat(tracking.uri()).isEqualTo("databricks://prod");
            }
            assertThat(workspace.seen()).hasSize(3);
            Seen login = workspace.seen().get(0);
            assertThat(login.method()).isEqualTo("POST");
            assertThat(login.header("Authorization")).isEqualTo("Basic MWIyYzpkb3NlMTIzNA==");
            assertThat(login.header("Content-Type")).isEqualTo("application/x-www-form-urlencoded");
            assertThat(login.text()).isEqualTo("grant_type=client_credentials&scope=all-apis");
            assertThat(workspace.seen().subList(1, 3)).allSatisfy(call -> {
                assertThat(call.path()).isEqualTo("/api/2.0/mlflow/runs/log-batch");
                assertThat(call.header("Authorization")).isEqualTo("Bearer eyJraWQiOiJkYTA4");
            });
        }
    }

    @Test
    void aTokenComesFromTheProfileOrTheEnvironment() throws IOException {
        try (StandIn workspace = new StandIn(request -> Answer.json("{}"))) {
            config("; a comment\n[DEFAULT]\nhost = %s\ntoken = dapi1\n".formatted(workspace.uri()));
            Map<String, String> environment =
                    Map.of("DATABRICKS_HOST", workspace.uri().toString(), "DATABRICKS_TOKEN", "dapi2");
            for (Tracking tracking : List.of(
                    RestTracking.open("databricks", Map.of(), home),
                    RestTracking.open("databricks", environment, home),
                    RestTracking.open("databricks://DEFAULT", environment, home))) {
                tracking.runs().log("a", RunBatch.tags(Map.of("t", "v")));
                tracking.close();
            }
            assertThat(workspace.seen())
                    .extracting(call -> call.header("Authorization"))
                    .containsExactly("Bearer dapi1", "Bearer dapi2", "Bearer dapi1");
        }
    }

    @Test
    void whatIsMissingToSignInIsSaid() throws IOException {
        assertFailure(ErrorCode.NOT_FOUND, ".databrickscfg", "databricks");
        config("[DEFAULT]\nhost = https://w.example\n[u2m]\nhost = https://w.example\nauth_type = databricks-cli\n");
        assertFailure(ErrorCode.BAD_INPUT, "neither a token", "databricks");
        assertFailure(ErrorCode.BAD_INPUT, "neither a token", "databricks://u2m");
        assertFailure(ErrorCode.BAD_INPUT, "no profile 'other'", "databricks://other");
        assertFailure(ErrorCode.BAD_INPUT, "secrets", "databricks://token:dapi1@host");
    }

    @Test
    void artifactsGoToTheCloudWithoutTheWorkspacesToken() throws IOException {
        try (StandIn cloud = new StandIn(
                        request -> new Answer(request.method().equals("GET") ? 200 : 201, "content", Map.of()));
                StandIn workspace = new StandIn(request -> workspace(request, cloud));
                Tracking tracking = RestTracking.open(
                        "databricks",
                        Map.of("DATABRICKS_HOST", workspace.uri().toString(), "DATABRICKS_TOKEN", "dapi1"),
                        home)) {
            for (String root : List.of(ROOT, MODEL_ROOT)) {
                tracking.artifacts().write(root, "a/b.txt", out -> out.write("hello".getBytes(StandardCharsets.UTF_8)));
                try (InputStream in = tracking.artifacts().open(root, "a/b.txt")) {
                    assertThat(in.readAllBytes())
                            .asString(StandardCharsets.UTF_8)
                            .isEqualTo("content");
                }
                assertThat(tracking.artifacts().list(root, "a"))
                        .containsExactly(new ArtifactEntry("a/b.txt", false, 5), new ArtifactEntry("a/c", true, 0));
            }
            assertThatThrownBy(() -> tracking.artifacts().delete(ROOT, "a/b.txt"))
                    .hasMessageContaining("cannot delete");
            assertThat(cloud.seen()).hasSize(4).allSatisfy(call -> {
                assertThat(call.header("Authorization")).isEmpty();
                assertThat(call.path()).isEqualTo("/bucket/key?signature=s");
                assertThat(call.header("x-amz-server-side-encryption")).isEqualTo("AES256");
            });
            assertThat(cloud.seen().get(0).text()).isEqualTo("hello");
            assertThat(workspace.seen())
                    .extracting(call -> call.method() + " " + call.path())
                    .containsExactly(
                            "POST /api/2.0/mlflow/artifacts/credentials-for-write",
                            "POST /api/2.0/mlflow/artifacts/credentials-for-read",
                            "GET /api/2.0/mlflow/artifacts/list?run_id=0123456789abcdef0123456789abcdef&path=a",
                            "POST /api/2.0/mlflow/logged-models/m-0123/artifacts/credentials-for-upload",
                            "POST /api/2.0/mlflow/logged-models/m-0123/artifacts/credentials-for-download",
                            "GET /api/2.0/mlflow/logged-models/m-0123/artifacts/directories?artifact_directory_path=a");
            assertThat(workspace.seen().get(0).text())
                    .isEqualTo("{\"run_id\":\"0123456789abcdef0123456789abcdef\",\"path\":[\"a/b.txt\"]}");
        }
    }

    private static Answer workspace(Seen request, StandIn cloud) {
        String signed =
                "{\"signed_uri\": \"%s/bucket/key?signature=s\", \"type\": \"AWS_PRESIGNED_URL\", \"headers\": [{\"name\": \"x-amz-server-side-encryption\", \"value\": \"AES256\"}]}"
                        .formatted(cloud.uri());
        if (request.path().startsWith("/api/2.0/mlflow/artifacts/credentials")) {
            return Answer.json("{\"credential_infos\": [%s]}".formatted(signed));
        }
        if (request.path().contains("/artifacts/credentials-for-")) {
            return Answer.json("{\"credentials\": [{\"credential_info\": %s}]}".formatted(signed));
        }
        return Answer.json("{\"root_uri\": \"dbfs:/x\", \"files\": [{\"path\": \"a/b.txt\", \"is_dir\": false,"
                + " \"file_size\": \"5\"}, {\"path\": \"a/c\", \"is_dir\": true}]}");
    }

    private void config(String text) throws IOException {
        Files.writeString(home.resolve(".databrickscfg"), text);
    }

    private void assertFailure(ErrorCode code, String part, String uri) {
        assertThatThrownBy(() -> RestTracking.open(uri, Map.of(), home))
                .isInstanceOfSatisfying(
                        ArclightException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(part)
                .hasMessageNotContaining("dapi1");
    }
}
