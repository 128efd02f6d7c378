package dev.arclight.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.arclight.base.ArclightException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a model takes and gives, in MLflow's JSON form. Column names are unique.
 *
 * @param inputs all columns or all tensors, in the order of the model's features
 * @param outputs may be empty: not declared
 * @param params what a request may set beside its rows
 */
public record Signature(List<Field> inputs, List<Field> outputs, List<Param> params) {
    private static final JsonMapper JSON = new JsonMapper();

    /**
     * Something that a request may set.
     *
     * @param defaultJson the default as JSON text
     * @param shape null for a scalar, else {@code [-1]}
     */
    public record Param(
            String name,
            DataType type,
            String defaultJson,
            @Nullable List<Integer> shape) {
        public Param {
            Objects.requireNonNull(name);
            Objects.requireNonNull(type);
            Objects.requireNonNull(defaultJson);
            shape = shape == null ? null : List.copyOf(shape);
        }
    }

    public Signature {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        params = List.copyOf(params);
        Set<String> names = new HashSet<>();
        for (Field input : inputs) {
            if (input.getClass() != inputs.get(0).getClass()) {
                throw ArclightException.badInput("The signature mixes columns and tensors among its inputs");
            }
            String name = input.name();
            if (name != null && !names.add(name)) {
                throw ArclightException.badInput("The signature has two inputs named '%s'".formatted(name));
            }
        }
    }

    /** A table of numbers in, one float32 tensor out: shape {@code (-1)} for one output, else {@code (-1, outputs)}. */
    public static Signature table(List<String> columns, DataType type, int outputs) {
        List<Field> inputs = new ArrayList<>();
        columns.forEach(column -> inputs.add(Field.Column.of(column, type)));
        return new Signature(inputs, List.of(prediction(outputs)), List.of());
    }

    /** The float32 tensor that a predictor with so many outputs gives. */
    static Field prediction(int outputs) {
        return outputs == 1 ? Field.Tensor.of("float32", -1) : Field.Tensor.of("float32", -1, outputs);
    }

    /** The inputs if they are columns. */
    public Optional<List<Field.Column>> columns() {
        List<Field.Column> columns = new ArrayList<>();
        for (Field input : inputs) {
            if (!(input instanceof Field.Column column)) {
                return Optional.empty();
            }
            columns.add(column);
        }
        return columns.isEmpty() ? Optional.empty() : Optional.of(List.copyOf(columns));
    }

    /**
     * Reads the form that {@code MLmodel} holds under {@code signature}: {@code inputs}, {@code outputs} and
     * {@code params}, each JSON text or absent or null.
     *
     * @throws ArclightException {@link dev.arclight.base.ErrorCode#BAD_INPUT} if it cannot be understood
     */
    public static Signature of(Map<String, ?> texts) {
        return new Signature(
                list(texts.get("inputs"), Signature::field),
                list(texts.get("outputs"), Signature::field),
                list(texts.get("params"), Signature::param));
    }

    /** Reads one JSON object with {@code inputs}, {@code outputs} and {@code params} as JSON texts. */
    public static Signature fromJson(String json) {
        JsonNode root = tree(json);
        Map<String, Object> texts = new TreeMap<>();
        root.properties().forEach(entry -> {
            if (!entry.getValue().isNull()) {
                texts.put(
                        entry.getKey(),
                        entry.getValue().isTextual()
                                ? entry.getValue().textValue()
                                : entry.getValue().toString());
            }
        });
        return of(texts);
    }

    /**
     * One JSON object with {@code inputs}, {@code outputs} and {@code params} as JSON texts, as MLflow's client sends.
     */
    public String toJson() {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        toMap().forEach(root::put);
        return root.toString();
    }

    /** The form that {@code MLmodel} holds under {@code signature}; what is empty is null. */
    public Map<String, @Nullable String> toMap() {
        Map<String, @Nullable String> texts = new java.util.LinkedHashMap<>();
        texts.put("inputs", text(inputs, Signature::json));
        texts.put("outputs", text(outputs, Signature::json));
        texts.put("params", text(params, Signature::json));
        return texts;
    }

    private static <T> @Nullable String text(List<T> values, Function<T, ObjectNode> json) {
        if (values.isEmpty()) {
            return null;
        }
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        values.forEach(value -> array.add(json.apply(value)));
        return array.toString();
    }

    private static ObjectNode json(Field field) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        if (field instanceof Field.Column column) {
            node.put("type", column.type().mlflowName());
            if (column.name() != null) {
                node.put("name", column.name());
            }
            return node.put("required", column.required());
        }
        Field.Tensor tensor = (Field.Tensor) field;
        node.put("type", "tensor");
        if (tensor.name() != null) {
            node.put("name", tensor.name());
        }
        ObjectNode spec = node.putObject("tensor-spec").put("dtype", tensor.dtype());
        tensor.shape().forEach(spec.putArray("shape")::add);
        return node;
    }

    private static ObjectNode json(Param param) {
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("name", param.name());
        node.set("default", tree(param.defaultJson()));
        List<Integer> shape = param.shape();
        if (shape == null) {
            node.putNull("shape");
        } else {
            shape.forEach(node.putArray("shape")::add);
        }
        return node.put("type", param.type().mlflowName());
    }

    private static Field field(JsonNode node) {
        String name = node.hasNonNull("name") ? node.get("name").asText() : null;
        String type = node.path("type").asText("");
        if (!type.equals("tensor")) {
            boolean required = node.has("required")
                    ? node.get("required").asBoolean()
                    : !node.path("optional").asBoolean(false);
            return new Field.Column(name, DataType.of(type), required);
        }
        JsonNode spec = node.path("tensor-spec");
        return new Field.Tensor(name, spec.path("dtype").asText("object"), shape(spec.path("shape")));
    }

    private static Param param(JsonNode node) {
        String type = node.path("type").asText(node.path("dtype").asText(""));
        return new Param(
                node.path("name").asText(),
                DataType.of(type),
                node.path("default").toString(),
                node.hasNonNull("shape") ? shape(node.get("shape")) : null);
    }

    private static List<Integer> shape(JsonNode array) {
        List<Integer> shape = new ArrayList<>();
        array.forEach(length -> shape.add(length.asInt()));
        return shape;
    }

    private static <T> List<T> list(@Nullable Object text, Function<JsonNode, T> read) {
        if (text == null) {
            return List.of();
        }
        JsonNode array = tree(text.toString());
        if (array.isNull()) {
            return List.of();
        }
        if (!array.isArray()) {
            throw ArclightException.badInput("The signature should hold a JSON array, but holds " + array);
        }
        List<T> values = new ArrayList<>();
        array.forEach(node -> values.add(read.apply(node)));
        return values;
    }

    private static JsonNode tree(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new ArclightException(
                    dev.arclight.base.ErrorCode.BAD_INPUT, "The signature is no JSON: " + e.getMessage(), e);
        }
    }
}
