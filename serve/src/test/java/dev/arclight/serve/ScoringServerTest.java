package dev.arclight.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.arclight.base.ArclightException;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class ScoringServerTest {
    @TempDir
    static Path folder;

    private static SampleServer server;

    @BeforeAll
    static void start() {
        server = SampleServer.start(folder);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static HttpResponse<String> post(String path, String type, String body)
            throws IOException, InterruptedException {
        return server.post(path, type, body);
    }

    private static HttpResponse<String> score(String body) throws IOException, InterruptedException {
        return post("/invocations", "application/json", body);
    }

    private static String refusal(String body) throws IOException, InterruptedException {
        HttpResponse<String> response = score(body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        JsonNode json = new JsonMapper().readTree(response.body());
        assertThat(json.get("error_code").asText()).isEqualTo("BAD_REQUEST");
        return json.get("message").asText();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                """
                {"dataframe_split": {"columns": ["fixed acidity", "pH", "is_red", "count"],
                 "data": [[1, 0.25, true, 3], [0.4, 9.5, false, 0]]}}""",
                // Any order, columns the model does not know, the index that pandas writes, names after the values.
                """
                {"dataframe_split": {"index": [0, 1], "data": [["x", 3, true, 0.25, 1], [{"a": []}, 0, false, 9.5, 0.4]],
                 "columns": ["other", "count", "is_red", "pH", "fixed acidity"]}, "params": {"a": 1}}""",
                """
                {"dataframe_records": [{"count": 3, "is_red": 1, "pH": 0.25, "fixed acidity": 1, "more": [1]},
                 {"fixed acidity": 0.4, "pH": 9.5, "is_red": 0, "count": 0}]}""",
                """
                {"instances": [{"count": 3.0, "is_red": 1.0, "pH": "0.25", "fixed acidity": "1e0"},
                 {"fixed acidity": 0.4, "pH": 9.5, "is_red": false, "count": false}]}""",
                """
                {"inputs": {"is_red": [true, false], "pH": [0.25, 9.5], "fixed acidity": [1, 0.4], "count": [3, 0]}}"""
            })
    void allLayoutsGiveTheSameAnswer(String body) throws Exception {
        HttpResponse<String> response = score(body);
        // The optional column is missing everywhere: 100 * 2^4.
        assertThat(response.body()).isEqualTo("{\"predictions\":[1613.0,1602.0]}");
        assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(response.headers().firstValue("X-Arclight-Model-Version")).contains("7");
        assertThat(post("/models/bits/invocations", "application/json; charset=utf-8", body)
                        .body())
                .isEqualTo(response.body());
    }

    @Test
    void csvGivesTheSameAnswer() throws Exception {
        String csv =
                "count,\"fixed acidity\",pH,is_red,\"un\"\"known\"\r\n3,1,0.25,true,\"a,b\"\r\n\r\n0,,9.5,False,\n";
        assertThat(post("/invocations", "text/csv", csv).body()).isEqualTo("{\"predictions\":[1613.0,1702.0]}");
        assertThat(post("/invocations", "text/csv", "count,pH\n1,2\n").body()).contains("[fixed acidity, is_red]");
        assertThat(post("/invocations", "text/csv", "").statusCode()).isEqualTo(400);
        assertThat(post("/invocations", "text/csv", "a,\"b").statusCode()).isEqualTo(400);
    }

    @Test
    void missingValuesAreMissingAndNotZero() throws Exception {
        for (String missing : List.of("null", "NaN", "\"nan\"")) {
            assertThat(score("""
                    {"dataframe_split": {"columns": ["fixed acidity", "pH", "is_red", "count", "note"],
                     "data": [[%s, 1, true, 1, 0]]}}""".formatted(missing)).body()).isEqualTo("{\"predictions\":[114.0]}");
        }
        assertThat(score("{\"dataframe_records\": [{\"pH\": 1, \"is_red\": true, \"count\": 1, \"note\": 1},"
                                + "{\"pH\": 1, \"is_red\": true, \"count\": 1, \"fixed acidity\": 1, \"note\": 1}]}")
                        .body())
                .isEqualTo("{\"predictions\":[130.0,31.0]}");
    }

    @Test
    void modelsWithoutNamesTakeRowsByPlace() throws Exception {
        for (String body : List.of(
                "{\"inputs\": [[1, 0, 1, 0, 1], [0, 0, 0, 0, null]]}",
                "{\"instances\": [[1, 0, 1, 0, 1], [0, 0, 0, 0, null]]}",
                "{\"dataframe_split\": {\"data\": [[1, 0, 1, 0, 1], [0, 0, 0, 0, null]]}}",
                "{\"dataframe_split\": {\"columns\": [0,1,2,3,4], \"data\": [[1, 0, 1, 0, 1], [0, 0, 0, 0, null]]}}")) {
            assertThat(post("/models/unnamed/invocations", "application/json", body)
                            .body())
                    .as(body)
                    .isEqualTo("{\"predictions\":[21.0,1600.0]}");
        }
        assertThat(post("/models/unnamed/invocations", "application/json", "{\"inputs\": [[1, 2]]}")
                        .body())
                .contains("Row 0 has 2 values; 5 were expected");
        assertThat(post("/models/unnamed/invocations", "application/json", "{\"inputs\": []}")
                        .body())
                .isEqualTo("{\"predictions\":[]}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "[\"fixed acidity\", \"pH\", \"count\"]|[[1, 2, 3]]|Model is missing inputs [is_red].",
                "[\"fixed acidity\", \"pH\", \"is_red\", \"count\", \"pH\"]|[]|'pH' is there twice",
                "[\"fixed acidity\", \"pH\", \"is_red\", \"count\"]|[[1, 2, 0, 1], [1, 2, 0]]|Row 1 has 3 values; 4 were expected",
                "[\"fixed acidity\", \"pH\", \"is_red\", \"count\"]|[[1, 2, 0, 1, 5]]|Row 0 has 5 values",
                "[\"fixed acidity\", \"pH\", \"is_red\", \"count\"]|[[1, \"sour\", 0, 1]]|Row 0, column 'pH': \"sour\" is no number",
                "[\"fixed acidity\", \"pH\", \"is_red\", \"count\"]|[[1, \"0x1p3\", 0, 1]]|is no number",
                "[\"fixed acidity\", \"pH\", \"is_red\", \"count\"]|[[1, [2], 0, 1]]|column 'pH': an array",
                "[\"fixed acidity\", \"pH\", \"is_red\", \"count\"]|[[1, 2, 0, 1.5]]|column 'count': 1.5 is no value of type long",
                "[\"fixed acidity\", \"pH\", \"is_red\", \"count\"]|[[1, 2, 0, null]]|column 'count': null is refused",
                "[\"fixed acidity\", \"pH\", \"is_red\", \"count\"]|[[1, 2, 2, 1]]|column 'is_red': 2 is neither true nor false",
                "[\"fixed acidity\", \"pH\", \"is_red\", \"count\"]|[[1e39, 2, 1, 1]]|too large",
                "[\"fixed acidity\", \"pH\", \"is_red\", \"count\"]|[[1e999, 2, 1, 1]]|too large",
                "[\"fixed acidity\", \"pH\", \"is_red\", \"count\"]|[[1, 2, 1, 99999999999999999999]]|64 bits",
                "[\"fixed acidity\", \"pH\", \"is_red\", \"count\"]|{}|data should be an array",
                "{}|[]|columns should be an array",
            })
    void whatDoesNotFitTheSignatureIsNamed(String columns, String data, String message) throws Exception {
        assertThat(refusal("{\"dataframe_split\": {\"columns\": %s, \"data\": %s}}".formatted(columns, data)))
                .contains(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "[]|should be a JSON object",
                "{}|none of dataframe_split",
                "{\"rows\": [1]}|none of dataframe_split",
                "{\"inputs\": [|no JSON",
                "{\"dataframe_records\": []} x|no JSON",
                "{\"dataframe_records\": []}{}|more than one",
                "{\"dataframe_records\": [], \"instances\": []}|send one",
                "{\"inputs\": [[1,2,3,4,5]]}|the model knows its inputs by name",
                "{\"inputs\": {\"pH\": [1, 2], \"count\": [1]}}|'count' has 1 values, others have 2",
                "{\"dataframe_split\": []}|should be an object",
                "{\"dataframe_split\": {\"columns\": []}}|missing inputs",
                "{\"dataframe_records\": [[1]]}|Row 0 of dataframe_records is no object",
                "{\"dataframe_records\": [{\"pH\": 1}]}|[fixed acidity, is_red, count]",
                "{\"dataframe_records\": 5}|should be an array",
            })
    void whatIsNoRequestIsNamed(String body, String message) throws Exception {
        assertThat(refusal(body)).contains(message);
    }

    @Test
    void otherContentTypesAndModelsAreRefused() throws Exception {
        assertThat(post("/invocations", "application/xml", "<a/>").statusCode()).isEqualTo(415);
        HttpResponse<String> unknown = post("/models/none/invocations", "application/json", "{}");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.body()).contains("bits").contains("unnamed");
    }

    @Test
    void itSaysWhatItServes() throws Exception {
        for (String path : List.of("/ping", "/health", "/version", "/metrics", "/models")) {
            assertThat(server.get(path).statusCode()).as(path).isEqualTo(200);
        }
        assertThat(server.get("/models").body())
                .contains("\"models\":[\"bits\",\"unnamed\"]")
                .contains("\"default\":\"bits\"");
        assertThat(server.get("/models/bits").body()).contains("fixed acidity").contains("XGBoost");
    }

    @Test
    void theClientGetsTheVeryFloats() throws Exception {
        ScoringClient client = ScoringClient.of(server.uri(), SampleModels.NAMES);
        float[] rows = {1, 0, 1, 0, Float.NaN, 0.1f, 0.5f, 0, 7, 1e-8f};
        assertThat(client.score(rows, 2)).containsExactly(1605, 10);
        assertThatThrownBy(() -> ScoringClient.of(server.uri(), List.of("pH")).score(new float[] {1}, 1))
                .isInstanceOf(ArclightException.class)
                .hasMessageContaining("missing inputs");
    }

    @Test
    void floatsAreWrittenShortAndReadBackExactly() throws Exception {
        float base = 0.1f + 0.2f;
        try (SampleServer third = SampleServer.of(ScoringServer.builder()
                .model("third", SampleModels.bits(folder.resolve("third"), base))
                .start())) {
            float[] got = ScoringClient.of(third.uri(), SampleModels.NAMES).score(new float[5], 1);
            assertThat(got).containsExactly(base);
            HttpResponse<String> response = third.post(
                    "/invocations",
                    "application/json",
                    "{\"inputs\": {\"fixed acidity\": 0, \"pH\": 0, \"is_red\": 0, \"count\": 0, \"note\": 0}}");
            assertThat(response.body()).isEqualTo("{\"predictions\":[0.3]}");
        }
    }

    @Test
    void latenciesAreNearestRank() {
        long[] nanos = new long[100];
        for (int i = 0; i < 100; i++) {
            nanos[i] = (100 - i) * 1_000_000L;
        }
        assertThat(Latencies.of(nanos)).isEqualTo(new Latencies(100, 50, 99, 100));
        assertThat(String.format(Locale.ROOT, "%s", Latencies.of(new long[] {1})))
                .contains("count=1");
    }
}
