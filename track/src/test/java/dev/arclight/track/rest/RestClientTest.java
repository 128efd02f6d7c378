package dev.arclight.track.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.testing.StandIn;
import dev.arclight.testing.StandIn.Answer;
import dev.arclight.track.RunBatch;
import dev.arclight.track.RunStart;
import dev.arclight.track.Tracking;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the client makes of servers that are slow to come up, refuse, or are none. */
@Timeout(60)
final class RestClientTest {
    private static final Path HOME = Path.of("nowhere");

    @Test
    void whatMayBeRepeatedIsRepeatedUntilTheServerIsBack() {
        AtomicInteger calls = new AtomicInteger();
        try (StandIn server = new StandIn(
                        request -> calls.incrementAndGet() < 3 ? Answer.status(503, "starting") : Answer.json("{}"));
                Tracking tracking = open(server)) {
            tracking.runs().log("a", RunBatch.tags(Map.of("t", "v")));
            assertThat(server.seen()).hasSize(3);
        }
    }

    @Test
    void whatMakesSomethingNewIsNotRepeatedWhereItMayHaveTakenEffect() {
        try (StandIn server = new StandIn(request -> Answer.status(504, "{\"error_code\": \"DEADLINE_EXCEEDED\"}"));
                Tracking tracking = open(server)) {
            assertCode(ErrorCode.TIMEOUT, () -> tracking.runs().create(RunStart.in("0")));
            assertThat(server.seen()).hasSize(1);
        }
    }

    @Test
    void aConnectionThatBreaksLeavesTheOutcomeUnknown() throws IOException {
        try (ServerSocket server = new ServerSocket(0)) {
            Thread thread = new Thread(() -> {
                try {
                    while (true) {
                        server.accept().close();
                    }
                } catch (IOException e) {
                    Thread.currentThread().interrupt(); // closed: the test is over
                }
            });
            thread.start();
            try (Tracking tracking = RestTracking.open("http://127.0.0.1:" + server.getLocalPort(), Map.of(), HOME)) {
                assertCode(ErrorCode.OUTCOME_UNKNOWN, () -> tracking.runs().create(RunStart.in("0")));
            }
        }
    }

    @Test
    void aServerThatIsNotThereIsNamed() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        try (Tracking tracking = RestTracking.open("http://127.0.0.1:" + port, Map.of(), HOME)) {
            assertThatThrownBy(() -> tracking.runs().load("a"))
                    .isInstanceOfSatisfying(
                            ArclightException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
                    .hasMessageContaining("127.0.0.1:" + port)
                    .hasMessageContaining("5 attempts");
        }
    }

    @Test
    void errorsKeepTheirMeaning() {
        Map<String, ErrorCode> codes = new LinkedHashMap<>();
        codes.put("404 {\"error_code\": \"RESOURCE_DOES_NOT_EXIST\", \"message\": \"no run\"}", ErrorCode.NOT_FOUND);
        codes.put("400 {\"error_code\": \"RESOURCE_ALREADY_EXISTS\", \"message\": \"x\"}", ErrorCode.ALREADY_EXISTS);
        codes.put("400 {\"error_code\": \"INVALID_PARAMETER_VALUE\", \"message\": \"x\"}", ErrorCode.BAD_INPUT);
        codes.put("403 {\"error_code\": \"PERMISSION_DENIED\", \"message\": \"x\"}", ErrorCode.FORBIDDEN);
        codes.put("401 <html>sign in</html>", ErrorCode.FORBIDDEN);
        codes.put("302 <html>sign in</html>", ErrorCode.INTERNAL);
        codes.put("500 {\"error_code\": \"INTERNAL_ERROR\", \"message\": \"x\"}", ErrorCode.UNAVAILABLE);
        codes.put("200 <html>a web site</html>", ErrorCode.UNAVAILABLE);
        codes.put("200 {}", ErrorCode.UNAVAILABLE);
        codes.forEach((answer, code) -> {
            try (StandIn server = new StandIn(
                            request -> Answer.status(Integer.parseInt(answer.substring(0, 3)), answer.substring(4)));
                    Tracking tracking = open(server)) {
                assertCode(code, () -> tracking.runs().load("a"));
            }
        });
    }

    @Test
    void credentialsComeFromTheEnvironmentAlone() {
        Map<Map<String, String>, String> expected = Map.of(
                Map.of(), "",
                Map.of("MLFLOW_TRACKING_TOKEN", "t0ken"), "Bearer t0ken",
                Map.of("MLFLOW_TRACKING_TOKEN", "theirs", "ARCLIGHT_TRACKING_TOKEN", "ours"), "Bearer ours",
                Map.of("MLFLOW_TRACKING_USERNAME", "ann", "MLFLOW_TRACKING_PASSWORD", "pässword"),
                        "Basic YW5uOnDDpHNzd29yZA==");
        expected.forEach((environment, header) -> {
            try (StandIn server = new StandIn(request -> Answer.json("{}"));
                    Tracking tracking = RestTracking.open(server.uri().toString(), environment, HOME)) {
                tracking.runs().log("a", RunBatch.tags(Map.of("t", "v")));
                assertThat(server.seen().get(0).header("Authorization")).isEqualTo(header);
            }
        });
        assertThatThrownBy(() -> RestTracking.open("https://ann:hunter2@host", Map.of(), HOME))
                .hasMessageContaining("MLFLOW_TRACKING_USERNAME")
                .hasMessageNotContaining("hunter2");
        assertCode(
                ErrorCode.BAD_INPUT,
                () -> RestTracking.open("https://host", Map.of("MLFLOW_TRACKING_USERNAME", "ann"), HOME));
        assertCode(ErrorCode.BAD_INPUT, () -> RestTracking.open("https://host?x=1", Map.of(), HOME));
    }

    @Test
    void credentialsDoNotFollowARedirect() {
        try (StandIn elsewhere = new StandIn(request -> Answer.json("{}"));
                StandIn server = new StandIn(request ->
                        new Answer(302, "", Map.of("Location", elsewhere.uri().toString())));
                Tracking tracking =
                        RestTracking.open(server.uri().toString(), Map.of("MLFLOW_TRACKING_TOKEN", "t0ken"), HOME)) {
            assertThatThrownBy(() -> tracking.runs().load("a")).isInstanceOf(ArclightException.class);
            assertThat(elsewhere.seen()).isEmpty();
        }
    }

    @Test
    void aBatchThatIsTooLargeForABodyGoesInParts() {
        try (StandIn server = new StandIn(request -> Answer.json("{}"));
                Tracking tracking = open(server)) {
            Map<String, String> params = new LinkedHashMap<>();
            for (int i = 0; i < 100; i++) {
                params.put("p" + i, "深".repeat(6000)); // 18,000 bytes
            }
            tracking.runs().log("a", new RunBatch(List.of(), params, Map.of("t", "v")));
            assertThat(server.seen())
                    .hasSizeGreaterThan(1)
                    .allSatisfy(request -> assertThat(request.body()).hasSizeLessThanOrEqualTo(1_000_000));
            Pattern key = Pattern.compile("\"key\":\"(p\\d+)\"");
            assertThat(server.seen().stream()
                            .flatMap(request -> key.matcher(request.text()).results())
                            .map(match -> match.group(1)))
                    .containsExactlyElementsOf(params.keySet());
        }
    }

    private static Tracking open(StandIn server) {
        return RestTracking.open(server.uri().toString(), Map.of(), HOME);
    }

    private static void assertCode(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ArclightException.class,
                        e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code));
    }
}
