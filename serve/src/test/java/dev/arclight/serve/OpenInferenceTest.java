package dev.arclight.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OpenInferenceTest {
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

    private static HttpResponse<String> infer(String path, String body) throws IOException, InterruptedException {
        return server.post(path, "application/json", body);
    }

    private static final String COLUMNS = """
            {"id": "q-1", "inputs": [
              {"name": "count", "shape": [2, 1], "datatype": "INT64", "data": [[3], [0]]},
              {"name": "fixed acidity", "shape": [2], "datatype": "FP64", "data": [1, null]},
              {"name": "is_red", "shape": [2], "datatype": "BOOL", "data": [true, false]},
              {"name": "unknown", "shape": [2], "datatype": "BYTES", "data": ["a", "b"]},
              {"name": "pH", "shape": [2], "datatype": "FP32", "data": [0.25, 9.5]}]}""";

    @Test
    void columnsAreTensorsByName() throws Exception {
        for (String path : new String[] {"/v2/models/bits/infer", "/v2/models/bits/versions/7/infer"}) {
            JsonNode answer = new JsonMapper().readTree(infer(path, COLUMNS).body());
            assertThat(answer).isEqualTo(new JsonMapper().readTree("""
                            {"model_name": "bits", "model_version": "7", "id": "q-1", "outputs": [{"name": "predictions",
                             "datatype": "FP32", "shape": [2], "data": [1613.0, 1702.0]}]}"""));
        }
    }

    @Test
    void rowsAreOneTensor() throws Exception {
        for (String data : new String[] {"[[1,0,1,0,1],[0,0,0,0,null]]", "[1,0,1,0,1,0,0,0,0,null]"}) {
            String body = "{\"inputs\": [{\"name\": \"x\", \"shape\": [2, 5], \"datatype\": \"FP32\", \"data\": %s}]}"
                    .formatted(data);
            assertThat(infer("/v2/models/unnamed/infer", body).body()).contains("\"data\":[21.0,1600.0]");
        }
    }

    @Test
    void whatDoesNotFitIsRefused() throws Exception {
        String[][] cases = {
            {"{}", "inputs should be an array"},
            {"{\"inputs\": []}", "inputs should be an array"},
            {"{\"inputs\": [{\"name\": \"pH\", \"shape\": [2], \"data\": [1]}]}", "shape [2] but 1 values"},
            {"{\"inputs\": [{\"name\": \"pH\", \"shape\": [-1], \"data\": [1]}]}", "should hold lengths"},
            {
                "{\"inputs\": [{\"name\": \"pH\", \"shape\": [1], \"data\": [1]}]}",
                "missing inputs [fixed acidity, is_red, count]"
            },
            {"{\"inputs\": [{\"name\": \"pH\", \"shape\": [1], \"data\": [\"x\"]}]}", "is no number"},
            {"{\"inputs\": [{\"name\": \"pH\", \"shape\": [1, 2], \"data\": [1, 2]}]}", "should have the shape"},
        };
        for (String[] each : cases) {
            HttpResponse<String> response = infer("/v2/models/bits/infer", each[0]);
            assertThat(response.statusCode()).as(each[0]).isEqualTo(400);
            assertThat(response.body()).contains(each[1]);
        }
        assertThat(infer("/v2/models/bits/versions/8/infer", COLUMNS).statusCode())
                .isEqualTo(404);
    }

    @Test
    void serverAndModelDescribeThemselves() throws Exception {
        assertThat(server.tree("/v2").get("name").asText()).isEqualTo("arclight");
        assertThat(server.tree("/v2/health/live").get("live").asBoolean()).isTrue();
        assertThat(server.tree("/v2/health/ready").get("ready").asBoolean()).isTrue();
        assertThat(server.tree("/v2/models/bits/ready").get("ready").asBoolean())
                .isTrue();
        JsonNode model = server.tree("/v2/models/bits");
        assertThat(model.at("/versions/0").asText()).isEqualTo("7");
        assertThat(model.at("/inputs/2/datatype").asText()).isEqualTo("BOOL");
        assertThat(model.at("/outputs/0/shape").toString()).isEqualTo("[-1]");
    }

    @Test
    void openApiNamesEveryColumn() throws Exception {
        JsonNode api = server.tree("/openapi.json");
        JsonNode row = api.at("/components/schemas/Row.bits");
        assertThat(row.at("/properties").fieldNames()).toIterable().containsExactlyElementsOf(SampleModels.NAMES);
        assertThat(row.at("/required")).hasSize(4);
        assertThat(row.at("/properties/count/type").toString()).isEqualTo("[\"integer\"]");
        assertThat(api.at("/paths/~1invocations/post/responses/200").isObject()).isTrue();
        assertThat(api.at("/paths/~1models~1unnamed~1invocations/post").isObject())
                .isTrue();
    }
}
