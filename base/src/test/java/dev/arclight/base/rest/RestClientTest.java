package dev.arclight.base.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.rest.RestClient.Repeat;
import dev.arclight.testing.StandIn;
import dev.arclight.testing.StandIn.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What tracking's tests of this client do not show. */
@Timeout(60)
class RestClientTest {
    /** Tokens t1, t2, ...: the next one when one is refused. */
    private static final class Tokens implements Credentials {
        private final AtomicInteger number = new AtomicInteger(1);

        @Override
        public Optional<String> authorization() {
            return Optional.of("Bearer t" + number.get());
        }

        @Override
        public boolean refused(String authorization) {
            number.incrementAndGet();
            return true;
        }
    }

    private static RestClient client(StandIn server, Credentials credentials) {
        return new RestClient("The service", server.uri(), credentials, RestErrors.plain());
    }

    private static Answer accept(StandIn.Seen request, String token) {
        return request.header("Authorization").equals("Bearer " + token)
                ? Answer.json("{\"a\": 1}")
                : Answer.status(401, "expired");
    }

    @Test
    void aRefusedTokenIsReplacedOnceWhateverTheMessage() {
        try (StandIn server = new StandIn(request -> accept(request, "t2"))) {
            RestClient client = client(server, new Tokens());
            assertThat(client.send(
                                    "POST",
                                    "/x",
                                    JsonNodeFactory.instance.objectNode().put("k", "v"),
                                    Repeat.UNSAFE)
                            .path("a")
                            .asInt())
                    .isEqualTo(1);
            assertThat(server.seen()).extracting(StandIn.Seen::text).containsExactly("{\"k\":\"v\"}", "{\"k\":\"v\"}");
        }
        try (StandIn server = new StandIn(request -> accept(request, "t9"))) {
            RestClient client = client(server, new Tokens());
            assertThatThrownBy(() -> client.get("/x", QueryString.none()))
                    .isInstanceOfSatisfying(
                            ArclightException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FORBIDDEN));
            assertThat(server.seen()).hasSize(2);
        }
        try (StandIn server = new StandIn(request -> accept(request, "t9"))) {
            RestClient client = client(server, Credentials.bearer("t1"));
            assertThatThrownBy(() -> client.get("/x", QueryString.none())).isInstanceOf(ArclightException.class);
            assertThat(server.seen()).as("there is no other token").hasSize(1);
        }
    }

    @Test
    void aRefusalKeepsStatusAndBody() {
        try (StandIn server = new StandIn(request -> Answer.status(409, "{\"why\": \"taken\"}"))) {
            assertThatThrownBy(() -> client(server, Credentials.none()).get("/x", QueryString.of("q", "s3cret")))
                    .isInstanceOfSatisfying(ArclightException.class, e -> {
                        assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT);
                        assertThat(e.getCause()).isInstanceOfSatisfying(RestRefusal.class, refusal -> {
                            assertThat(refusal.status()).isEqualTo(409);
                            assertThat(refusal.body()).isEqualTo("{\"why\": \"taken\"}");
                        });
                    })
                    .hasMessageContaining("GET " + server.uri() + "/x")
                    .hasMessageNotContaining("s3cret");
        }
    }

    @Test
    void whoHasLittlePatienceDoesNotWaitForAServerThatIsBusyLonger() {
        try (StandIn server = new StandIn(request -> new Answer(503, "busy", Map.of("Retry-After", "9")))) {
            long begin = System.nanoTime();
            assertThatThrownBy(() -> client(server, Credentials.none())
                            .within(Duration.ofSeconds(3))
                            .get("/x", QueryString.none()))
                    .isInstanceOfSatisfying(
                            ArclightException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
            // Five attempts with pauses of at least 4.5 s would take 18 s.
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
            assertThat(server.seen()).hasSize(1);
        }
    }

    @Test
    void anAnswerThatNeverComesIsNotWaitedForLonger() throws Exception {
        try (java.net.ServerSocket silent = new java.net.ServerSocket(0)) {
            RestClient client = new RestClient(
                            "The service",
                            java.net.URI.create("http://127.0.0.1:" + silent.getLocalPort()),
                            Credentials.none(),
                            RestErrors.plain())
                    .within(Duration.ofSeconds(2));
            for (Repeat repeat : List.of(Repeat.SAFE, Repeat.UNSAFE)) {
                assertThatThrownBy(() -> client.send("POST", "/x", JsonNodeFactory.instance.objectNode(), repeat))
                        .isInstanceOfSatisfying(
                                ArclightException.class,
                                e -> assertThat(e.code())
                                        .isEqualTo(
                                                repeat == Repeat.SAFE ? ErrorCode.TIMEOUT : ErrorCode.OUTCOME_UNKNOWN));
            }
        }
    }
}
