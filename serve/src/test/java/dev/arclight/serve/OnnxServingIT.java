package dev.arclight.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.arclight.model.Model;
import dev.arclight.testing.OnnxModels;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The references are MLflow's own answers to the same bodies, and onnxruntime in Python. */
@Tag("full")
final class OnnxServingIT {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int LARGE = 1000;

    @TempDir
    static Path folder;

    private static Path models;
    private static JsonNode made;
    private static SampleServer server;

    @BeforeAll
    static void start() throws Exception {
        models = OnnxModels.folder();
        made = JSON.readTree(models.resolve("models.json").toFile());
        ScoringServer.Builder builder = ScoringServer.builder().requestLog(folder.resolve("log"), 1);
        made.forEach(model -> builder.model(
                model.get("name").asText(),
                Model.load(models.resolve(model.get("name").asText()))));
        server = SampleServer.of(builder.start());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static JsonNode post(String name, String body) throws Exception {
        HttpResponse<String> response = server.post("/models/" + name + "/invocations", "application/json", body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body());
    }

    @Test
    void answersAreMlflowsOwn() throws Exception {
        int compared = 0;
        for (JsonNode model : made) {
            String body = model.get("body").asText();
            if (!body.isEmpty()) {
                same(
                        model.get("name").asText(),
                        post(model.get("name").asText(), body),
                        JSON.readTree(model.get("answer").asText()));
                compared++;
            }
        }
        assertThat(compared).isEqualTo(4);
    }

    /** Same names in the same order, same lengths, numbers within the tolerance of golden rows. */
    private static void same(String where, JsonNode seen, JsonNode expected) {
        assertThat(seen.getNodeType()).as(where).isEqualTo(expected.getNodeType());
        if (expected.isObject()) {
            assertThat(seen.fieldNames()).as(where).toIterable().containsExactlyElementsOf(expected::fieldNames);
            expected.fieldNames()
                    .forEachRemaining(name -> same(where + "." + name, seen.get(name), expected.get(name)));
        } else if (expected.isArray()) {
            assertThat(seen.size()).as(where).isEqualTo(expected.size());
            for (int i = 0; i < seen.size(); i++) {
                same(where + "[" + i + "]", seen.get(i), expected.get(i));
            }
        } else {
            double wanted = expected.asDouble();
            assertThat(seen.isIntegralNumber()).as(where).isEqualTo(expected.isIntegralNumber());
            assertThat(seen.asDouble())
                    .as(where)
                    .isCloseTo(wanted, org.assertj.core.data.Offset.offset(1e-6 + 1e-6 * Math.abs(wanted)));
        }
    }

    /** A body large enough that no thread that reads requests answers it; CSV, since a table is one. */
    @Test
    void aThousandRowsArePredictedAsInPython() throws Exception {
        float[] rows = OnnxModels.floats("multiclass.rows");
        float[] expected = OnnxModels.floats("multiclass.predictions");
        StringBuilder csv =
                new StringBuilder("is_red,pH,alcohol,fixed acidity\n"); // another order than the signature's
        for (int row = 0; row < LARGE; row++) {
            csv.append((int) rows[4 * row + 3]);
            for (int column : new int[] {1, 2, 0}) {
                csv.append(',').append(rows[4 * row + column]);
            }
            csv.append('\n');
        }
        JsonNode predictions = JSON.readTree(server.post("/models/multiclass/invocations", "text/csv", csv.toString())
                        .body())
                .get("predictions");
        assertThat(predictions).hasSize(LARGE);
        for (int row = 0; row < LARGE; row++) {
            JsonNode seen = predictions.get(row);
            assertThat(seen.get("label").asInt()).isEqualTo((int) expected[4 * row]);
            for (int i = 0; i < 3; i++) {
                assertThat(seen.get("probabilities").get(i).floatValue())
                        .isCloseTo(expected[4 * row + 1 + i], org.assertj.core.data.Offset.offset(1e-6f));
            }
        }
    }

    @Test
    void tensorsGoInAndOutByTheOpenInferenceProtocol() throws Exception {
        assertThat(server.tree("/v2/models/tensors").toString())
                .contains("{\"name\":\"image\",\"datatype\":\"FP32\",\"shape\":[-1,3,2]}")
                .contains("{\"name\":\"count\",\"datatype\":\"INT64\",\"shape\":[-1,3]}")
                .contains("\"outputs\":[{\"name\":\"sum\",\"datatype\":\"FP32\",\"shape\":[-1]},");
        JsonNode answer = JSON.readTree(
                server.post("/v2/models/tensors/infer", "application/json", """
                        {"inputs": [
                          {"name": "count", "shape": [2, 3], "datatype": "INT64", "data": [1, 2, 3, 0, 0, 0]},
                          {"name": "image", "shape": [2, 3, 2], "datatype": "FP32",
                           "data": [0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6.5]}]}""").body());
        assertThat(answer.at("/outputs/1").toString())
                .isEqualTo("{\"name\":\"shifted\",\"datatype\":\"FP32\",\"shape\":[2,3,2],"
                        + "\"data\":[1.0,1.0,2.0,2.0,3.0,3.0,1.0,2.0,3.0,4.0,5.0,6.5]}");
        assertThat(answer.at("/outputs/0/data/0").asDouble()).isZero(); // of an image of zeros
        // By rows, as TensorFlow Serving has it.
        assertThat(post("tensors", "{\"instances\": [{\"count\": [1, 2, 3], \"image\": [[0, 0], [0, 0], [0, 0]]}]}")
                        .at("/predictions/shifted")
                        .toString())
                .isEqualTo("[[[1.0,1.0],[2.0,2.0],[3.0,3.0]]]");
    }

    @Test
    void whatTheSignatureDoesNotAllowIsA400ThatSaysWhere() throws Exception {
        refused("tensors", "{\"inputs\": {\"image\": [[[0, 0], [0, 0], [0, 0]]]}}", "Model is missing inputs [count].");
        refused(
                "tensors",
                "{\"inputs\": {\"count\": [[1, 2, 3]], \"image\": [[[0, 0], [0, 0]]]}}",
                "Row 0 of 'image' should have the shape [3, 2]");
        refused(
                "tensors",
                "{\"inputs\": {\"count\": [[1, 2.5, 3]], \"image\": [[[0, 0], [0, 0], [0, 0]]]}}",
                "Row 0, column 'count[1]': 2.5 is no value of type long");
        refused(
                "tensors",
                "{\"inputs\": {\"count\": [[1, 2, 3], [1, 2, 3]], \"image\": [[[0, 0], [0, 0], [0, 0]]]}}",
                "The tensor 'image' has 1 rows, others have 2");
        refused("tensors", "{\"dataframe_split\": {\"data\": [[1]]}}", "The model takes tensors");
        refused("columns", "{\"dataframe_records\": [{\"pH\": 3, \"alcohol\": 10, \"is_red\": 1}]}", "[fixed_acidity]");
        refused(
                "columns",
                "{\"dataframe_records\": [{\"fixed_acidity\": 20000000, \"pH\": 3, \"alcohol\": 10, \"is_red\": 1}]}",
                "input 'fixed_acidity' takes whole numbers below 16,777,216");
    }

    private static void refused(String name, String body, String why) throws Exception {
        HttpResponse<String> response = server.post("/models/" + name + "/invocations", "application/json", body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        assertThat(JSON.readTree(response.body()).get("message").asText()).contains(why);
    }

    @Test
    void thePagesDescriptionNamesTheOutputs() throws Exception {
        assertThat(server.tree("/openapi.json").toString())
                .contains("\"output_probability\"")
                .contains("\"shifted\"");
        assertThat(Files.exists(models.resolve("models.json"))).isTrue();
    }
}
