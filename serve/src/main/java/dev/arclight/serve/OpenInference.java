package dev.arclight.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.arclight.model.DataType;
import dev.arclight.model.Output;
import dev.arclight.web.HttpError;
import dev.arclight.web.Reply;
import dev.arclight.web.Request;
import dev.arclight.web.Role;
import dev.arclight.web.Route;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * The REST form of the <a href="https://github.com/open-inference/open-inference-protocol">Open Inference Protocol</a>,
 * version 2. Inputs are one tensor of shape {@code [rows]} or {@code [rows, 1]} for each column, or a single one of
 * shape {@code [rows, columns]} in the order of the signature. The output is {@code predictions}, FP32. A signature of
 * tensors, and outputs that have names, are taken as they are.
 */
final class OpenInference {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String OUTPUT = "predictions";

    private final Models models;
    private final String version;
    private final Admission admission;
    private final Watching watching;

    OpenInference(Models models, String version, Admission admission, Watching watching) {
        this.models = models;
        this.version = version;
        this.admission = admission;
        this.watching = watching;
    }

    List<Route> routes() {
        List<Route> routes = new ArrayList<>(List.of(
                Route.of("GET", "/v2", Role.ANYONE, request -> server()),
                Route.of(
                        "GET",
                        "/v2/health/live",
                        Role.ANYONE,
                        request -> Reply.json(JSON.createObjectNode().put("live", true))),
                Route.of("GET", "/v2/health/ready", Role.ANYONE, request -> ready())));
        for (String base : List.of("/v2/models/{name}", "/v2/models/{name}/versions/{version}")) {
            boolean versioned = base.endsWith("{version}");
            routes.add(Route.of("GET", base, Role.READ, request -> metadata(request, find(request, versioned))));
            routes.add(Route.of("GET", base + "/ready", Role.READ, request -> {
                find(request, versioned);
                return Reply.json(JSON.createObjectNode()
                        .put("name", request.parameter("name"))
                        .put("ready", true));
            }));
            routes.add(Route.of("POST", base + "/infer", Role.READ, request -> {
                        ServedModel model = pick(request, versioned);
                        return admission.answer(request, same -> infer(same, model));
                    })
                    .quick(request -> admission.isQuick(pick(request, versioned), request)));
        }
        return routes;
    }

    private ServedModel find(Request request, boolean versioned) {
        ServedModel model = models.find(request.parameter("name"));
        if (versioned && !model.version().equals(request.parameter("version"))) {
            throw new HttpError(
                    404,
                    "RESOURCE_DOES_NOT_EXIST",
                    "Version '%s' of '%s' is not served; version '%s' is"
                            .formatted(request.parameter("version"), request.parameter("name"), model.version()));
        }
        return model;
    }

    /** As {@link #find}; where no version is named, the canary may answer. */
    private ServedModel pick(Request request, boolean versioned) {
        return versioned ? find(request, true) : models.pick(request.parameter("name"), request);
    }

    private Reply ready() {
        boolean ready = models.isReady();
        return Reply.json(JSON.createObjectNode().put("ready", ready)).withStatus(ready ? 200 : 503);
    }

    private Reply server() {
        ObjectNode answer = JSON.createObjectNode().put("name", "arclight").put("version", version);
        answer.putArray("extensions");
        return Reply.json(answer);
    }

    private static Reply metadata(Request request, ServedModel model) {
        ObjectNode answer = JSON.createObjectNode().put("name", request.parameter("name"));
        ArrayNode versions = answer.putArray("versions");
        if (!model.version().isEmpty()) {
            versions.add(model.version());
        }
        answer.put("platform", model.model().outputs().isEmpty() ? "arclight_trees" : "onnx");
        ArrayNode inputs = answer.putArray("inputs");
        InputSchema schema = model.schema();
        if (isByTensor(schema)) {
            for (InputSchema.Tensor tensor : schema.tensors()) {
                ObjectNode input = inputs.addObject()
                        .put("name", name(tensor))
                        .put("datatype", datatype(schema.type(tensor.first())));
                tensor.shape().forEach(input.putArray("shape").add(-1)::add);
            }
        } else if (schema.isNamed()) {
            for (int i = 0; i < schema.width(); i++) {
                ObjectNode input =
                        inputs.addObject().put("name", schema.name(i)).put("datatype", datatype(schema.type(i)));
                input.putArray("shape").add(-1);
            }
        } else {
            ObjectNode input = inputs.addObject().put("name", "rows").put("datatype", "FP32");
            input.putArray("shape").add(-1).add(schema.width());
        }
        outputs(answer.putArray("outputs"), model, -1);
        return Reply.json(answer);
    }

    /** What each output is: one for all numbers of models whose outputs have no names. */
    private static List<ObjectNode> outputs(ArrayNode outputs, ServedModel model, int rows) {
        List<ObjectNode> added = new ArrayList<>();
        for (Output each : model.model().outputs()) {
            ObjectNode output = outputs.addObject().put("name", each.name()).put("datatype", datatype(each.type()));
            each.shape().forEach(output.putArray("shape").add(rows)::add);
            added.add(output);
        }
        if (added.isEmpty()) {
            ObjectNode output = outputs.addObject().put("name", OUTPUT).put("datatype", "FP32");
            ArrayNode shape = output.putArray("shape").add(rows);
            if (model.outputs() > 1) {
                shape.add(model.outputs());
            }
            added.add(output);
        }
        return added;
    }

    /** Whether inputs are the signature's own tensors; else columns, or all of them in one. */
    private static boolean isByTensor(InputSchema schema) {
        return schema.isNested() || schema.tensors().stream().anyMatch(tensor -> tensor.name() != null);
    }

    private static String name(InputSchema.Tensor tensor) {
        return Objects.requireNonNullElse(tensor.name(), "rows");
    }

    private static String datatype(DataType type) {
        return switch (type) {
            case BOOLEAN -> "BOOL";
            case INTEGER -> "INT32";
            case LONG -> "INT64";
            case FLOAT -> "FP32";
            default -> "FP64";
        };
    }

    private Reply infer(Request request, ServedModel model) throws IOException {
        JsonNode body = request.json();
        Rows rows = rows(body.path("inputs"), model.schema());
        float[] predictions = model.predict(rows);
        watching.answered(request.parameter("name"), model, rows, predictions);
        ObjectNode answer = JSON.createObjectNode().put("model_name", request.parameter("name"));
        if (!model.version().isEmpty()) {
            answer.put("model_version", model.version());
        }
        if (body.hasNonNull("id")) {
            answer.put("id", body.get("id").asText());
        }
        List<ObjectNode> outputs = outputs(answer.putArray("outputs"), model, rows.count());
        int first = 0;
        for (int i = 0; i < outputs.size(); i++) {
            List<Output> named = model.model().outputs();
            int width = named.isEmpty() ? model.outputs() : named.get(i).width();
            DataType type = named.isEmpty() ? DataType.FLOAT : named.get(i).type();
            ArrayNode data = outputs.get(i).putArray("data");
            for (int row = 0; row < rows.count(); row++) {
                for (int at = row * model.outputs() + first, end = at + width; at < end; at++) {
                    add(data, type, predictions[at]);
                }
            }
            first += width;
        }
        return Reply.json(answer);
    }

    private static void add(ArrayNode data, DataType type, float value) {
        switch (type) {
            case BOOLEAN -> data.add(value != 0);
            case INTEGER, LONG -> data.add((long) value);
            default -> data.add(value);
        }
    }

    private static Rows rows(JsonNode inputs, InputSchema schema) {
        if (!inputs.isArray() || inputs.isEmpty()) {
            throw Cells.bad("inputs should be an array of tensors");
        }
        Cells cells = new Cells(schema);
        if (isByTensor(schema)) {
            return tensors(inputs, schema, cells);
        }
        JsonNode only = inputs.get(0);
        if (inputs.size() == 1
                && only.path("shape").size() == 2
                && only.at("/shape/1").asInt() == schema.width()
                && (schema.width() > 1 || !schema.isNamed())) {
            List<JsonNode> values = values(only);
            Rows rows = new Rows(schema.width());
            for (int i = 0; i < values.size(); i++) {
                if (i % schema.width() == 0) {
                    rows.begin();
                }
                rows.set(i % schema.width(), cells.read(values.get(i), i / schema.width(), i % schema.width()));
            }
            return rows;
        }
        return columns(inputs, schema, cells);
    }

    private static Rows tensors(JsonNode inputs, InputSchema schema, Cells cells) {
        Rows rows = new Rows(schema.width());
        int length = -1;
        for (InputSchema.Tensor tensor : schema.tensors()) {
            JsonNode found = null;
            for (JsonNode input : inputs) {
                found = input.path("name").asText().equals(name(tensor)) ? input : found;
            }
            if (found == null) {
                throw Cells.bad("Model is missing inputs [%s].".formatted(name(tensor)));
            }
            JsonNode shape = found.path("shape");
            boolean fits = shape.size() == tensor.shape().size() + 1;
            for (int i = 1; fits && i < shape.size(); i++) {
                fits = shape.get(i).asInt(-1) == tensor.shape().get(i - 1);
            }
            if (!fits || (length >= 0 && shape.get(0).asInt() != length)) {
                throw Cells.bad("The input '%s' should have the shape %s after %s rows, but has %s"
                        .formatted(name(tensor), tensor.shape(), length < 0 ? "any number of" : length, shape));
            }
            List<JsonNode> values = values(found);
            length = shape.get(0).asInt();
            for (int row = 0, at = 0; row < length; row++) {
                if (row == rows.count()) {
                    rows.begin();
                }
                for (int i = 0; i < tensor.width(); i++) {
                    int column = tensor.first() + i;
                    rows.set(row, column, cells.read(values.get(at++), row, column));
                }
            }
        }
        return rows;
    }

    private static Rows columns(JsonNode inputs, InputSchema schema, Cells cells) {
        Rows rows = new Rows(schema.width());
        Set<String> seen = new HashSet<>();
        int length = -1;
        for (JsonNode input : inputs) {
            String name = input.path("name").asText();
            int column = schema.isNamed() ? schema.index(name) : -1;
            if (column < 0) {
                continue;
            }
            if (!seen.add(name)) {
                throw Cells.bad("The input '%s' is there twice".formatted(name));
            }
            if (input.path("shape").size() > 2
                    || (input.path("shape").size() == 2 && input.at("/shape/1").asInt() != 1)) {
                throw Cells.bad("The input '%s' should have the shape [rows] or [rows, 1], but has %s"
                        .formatted(name, input.path("shape")));
            }
            List<JsonNode> values = values(input);
            if (length >= 0 && values.size() != length) {
                throw Cells.bad("The input '%s' has %d values, others have %d".formatted(name, values.size(), length));
            }
            length = values.size();
            for (int row = 0; row < length; row++) {
                if (row == rows.count()) {
                    rows.begin();
                }
                rows.set(row, column, cells.read(values.get(row), row, column));
            }
        }
        List<String> missing = new ArrayList<>();
        for (int i = 0; i < schema.width(); i++) {
            if (!seen.contains(schema.name(i)) && (schema.isRequired(i) || !schema.isNamed())) {
                missing.add(schema.name(i));
            }
        }
        if (!missing.isEmpty()) {
            throw Cells.bad("Model is missing inputs %s.".formatted(missing));
        }
        return rows;
    }

    /** The values of a tensor, flat; as many as its shape says. */
    private static List<JsonNode> values(JsonNode tensor) {
        List<JsonNode> values = new ArrayList<>();
        flatten(tensor.path("data"), values, 0);
        long expected = 1;
        for (JsonNode length : tensor.path("shape")) {
            if (!length.canConvertToInt() || length.asInt() < 0) {
                throw Cells.bad("The shape of '%s' should hold lengths, but is %s"
                        .formatted(tensor.path("name").asText(), tensor.path("shape")));
            }
            expected *= length.asInt();
        }
        if (!tensor.path("data").isArray() || !tensor.path("shape").isArray() || values.size() != expected) {
            throw Cells.bad("The input '%s' has the shape %s but %d values in data"
                    .formatted(tensor.path("name").asText(), tensor.path("shape"), values.size()));
        }
        return values;
    }

    private static void flatten(JsonNode data, List<JsonNode> into, int depth) {
        for (JsonNode value : data) {
            if (value.isArray() && depth < 8) {
                flatten(value, into, depth + 1);
            } else {
                into.add(value);
            }
        }
    }
}
