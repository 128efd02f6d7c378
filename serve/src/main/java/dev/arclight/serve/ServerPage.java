package dev.arclight.serve;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.arclight.model.DataType;
import dev.arclight.model.Output;
import dev.arclight.web.Reply;
import dev.arclight.web.Role;
import dev.arclight.web.Route;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;

/** The page on which a person tries a request, and the OpenAPI description from which programs make one. */
final class ServerPage {
    private static final JsonMapper JSON = new JsonMapper();

    private final Models models;
    private final String version;

    ServerPage(Models models, String version) {
        this.models = models;
        this.version = version;
    }

    List<Route> routes() {
        return List.of(
                Route.of("GET", "/", Role.ANYONE, request -> file("page.html", "text/html; charset=utf-8")),
                Route.of("GET", "/page.js", Role.ANYONE, request -> file("page.js", "text/javascript; charset=utf-8")),
                Route.of("GET", "/page.css", Role.ANYONE, request -> file("page.css", "text/css; charset=utf-8")),
                Route.of("GET", "/favicon.ico", Role.ANYONE, request -> Reply.empty(204)),
                Route.of("GET", "/openapi.json", Role.READ, request -> openApi()));
    }

    private static Reply file(String name, String type) throws IOException {
        try (InputStream in = Objects.requireNonNull(ServerPage.class.getResourceAsStream(name), name)) {
            return Reply.bytes(type, in.readAllBytes());
        }
    }

    /** OpenAPI 3.1: one path for each model, with its columns. */
    private Reply openApi() {
        ObjectNode root = JSON.createObjectNode().put("openapi", "3.1.0");
        root.putObject("info").put("title", "Arclight scoring").put("version", version);
        ObjectNode paths = root.putObject("paths");
        ObjectNode schemas = root.putObject("components").putObject("schemas");
        ObjectNode error = schemas.putObject("Error").put("type", "object");
        error.putObject("properties").putObject("error_code").put("type", "string");
        ((ObjectNode) error.get("properties")).putObject("message").put("type", "string");
        for (String name : models.names()) {
            ServedModel model = models.find(name);
            String schema = "Row." + name;
            schemas.set(schema, row(model.schema()));
            describe(paths.putObject("/models/%s/invocations".formatted(name)), name, schema, model);
            if (name.equals(models.firstName())) {
                describe(paths.putObject("/invocations"), name, schema, model);
            }
        }
        for (String path : List.of("/ping", "/health", "/version", "/metrics")) {
            ObjectNode get = paths.putObject(path).putObject("get");
            get.putObject("responses").putObject("200").put("description", "Text");
        }
        return Reply.json(root);
    }

    private static void describe(ObjectNode path, String name, String schema, ServedModel model) {
        ObjectNode post = path.putObject("post")
                .put("summary", "Score rows with " + name)
                .put("description", model.model().description());
        ObjectNode content = post.putObject("requestBody").put("required", true).putObject("content");
        ObjectNode body =
                content.putObject("application/json").putObject("schema").put("type", "object");
        if (model.schema().isNamed()) {
            body.putArray("required").add("dataframe_records");
            ObjectNode records =
                    body.putObject("properties").putObject("dataframe_records").put("type", "array");
            records.putObject("items").put("$ref", "#/components/schemas/" + schema);
        } else {
            body.putArray("required").add("inputs");
            ObjectNode inputs = body.putObject("properties").putObject("inputs");
            if (model.schema().tensors().stream().allMatch(tensor -> tensor.name() == null)) {
                inputs = inputs.put("type", "array").putObject("items");
            }
            inputs.put("$ref", "#/components/schemas/" + schema);
        }
        content.putObject("text/csv").putObject("schema").put("type", "string");
        content.putObject("application/vnd.apache.parquet"); // bytes: OpenAPI 3.1 wants no schema
        ObjectNode responses = post.putObject("responses");
        ObjectNode ok = responses.putObject("200").put("description", "One prediction for each row, in order");
        ObjectNode properties = ok.putObject("content")
                .putObject("application/json")
                .putObject("schema")
                .put("type", "object")
                .putObject("properties");
        predictions(properties.putObject("predictions"), model);
        if (model.decision() != null) {
            properties
                    .putObject("labels")
                    .put("type", "array")
                    .putObject("items")
                    .put("type", "integer");
        }
        for (String status : List.of("400", "401", "413", "415", "429", "504")) {
            responses
                    .putObject(status)
                    .put("description", "Refused: the message says why")
                    .putObject("content")
                    .putObject("application/json")
                    .putObject("schema")
                    .put("$ref", "#/components/schemas/Error");
        }
    }

    private static void predictions(ObjectNode predictions, ServedModel model) {
        List<Output> outputs = model.model().outputs();
        if (!outputs.isEmpty()) {
            boolean byRow = model.schema().tensors().isEmpty();
            ObjectNode named = predictions.put("type", byRow ? "array" : "object");
            if (byRow) {
                named = predictions.putObject("items").put("type", "object");
            }
            ObjectNode values = named.putObject("properties");
            outputs.forEach(output -> values.putObject(output.name()));
            return;
        }
        ObjectNode item = predictions.put("type", "array").putObject("items");
        if (model.outputs() == 1) {
            item.put("type", "number");
        } else {
            item.put("type", "array").put("minItems", model.outputs()).put("maxItems", model.outputs());
            item.putObject("items").put("type", "number");
        }
    }

    private static ObjectNode row(InputSchema schema) {
        if (schema.isNested() || schema.tensors().stream().anyMatch(tensor -> tensor.name() != null)) {
            return JSON.createObjectNode().put("description", "Tensors as the signature has them, rows outermost");
        }
        if (!schema.isNamed()) {
            ObjectNode row = JSON.createObjectNode()
                    .put("type", "array")
                    .put("minItems", schema.width())
                    .put("maxItems", schema.width());
            row.putObject("items").putArray("type").add("number").add("null");
            return row;
        }
        ObjectNode row = JSON.createObjectNode().put("type", "object");
        ObjectNode properties = row.putObject("properties");
        ArrayNode required = row.putArray("required");
        for (int i = 0; i < schema.width(); i++) {
            ArrayNode types =
                    properties.putObject(schema.name(i)).putArray("type").add(type(schema.type(i)));
            if (schema.mayBeMissing(i)) {
                types.add("null");
            }
            if (schema.isRequired(i)) {
                required.add(schema.name(i));
            }
        }
        return row;
    }

    private static String type(DataType type) {
        return switch (type) {
            case BOOLEAN -> "boolean";
            case INTEGER, LONG -> "integer";
            default -> "number";
        };
    }
}
