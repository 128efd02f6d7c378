package dev.arclight.model.xgboost;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.arclight.base.ArclightException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** XGBoost's JSON model files, read into the same shape as {@link Ubj}, so that both write the same UBJ. */
final class JsonDocument {
    private static final Set<String> FLOATS =
            Set.of("base_weights", "leaf_weights", "loss_changes", "split_conditions", "sum_hessian", "weight_drop");
    private static final Set<String> INTS = Set.of(
            "left_children",
            "right_children",
            "parents",
            "split_indices",
            "categories",
            "categories_nodes",
            "feature_segments",
            "sorted_idx");
    private static final Set<String> LONGS = Set.of("categories_segments", "categories_sizes");
    private static final Set<String> BYTES = Set.of("default_left", "split_type");
    private static final JsonFactory JSON = new JsonFactory();

    private JsonDocument() {}

    static Map<String, Object> read(byte[] bytes) {
        try (JsonParser in = JSON.createParser(bytes)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                throw ArclightException.badInput("This is no XGBoost JSON file: it must begin with an object");
            }
            Map<String, Object> root = object(in);
            if (in.nextToken() != null) {
                throw ArclightException.badInput("This is no XGBoost JSON file: there is more after the object");
            }
            return root;
        } catch (IOException e) {
            throw new ArclightException(
                    dev.arclight.base.ErrorCode.BAD_INPUT,
                    "This is no readable XGBoost JSON file: " + e.getMessage(),
                    e);
        }
    }

    private static Map<String, Object> object(JsonParser in) throws IOException {
        Map<String, Object> fields = new LinkedHashMap<>();
        while (in.nextToken() != JsonToken.END_OBJECT) {
            String key = in.currentName();
            JsonToken token = in.nextToken();
            fields.put(key, token == JsonToken.START_ARRAY ? array(key, in) : value(token, in));
        }
        return fields;
    }

    private static Object value(JsonToken token, JsonParser in) throws IOException {
        return switch (token) {
            case START_OBJECT -> object(in);
            case START_ARRAY -> list(in);
            case VALUE_STRING -> in.getText();
            case VALUE_NUMBER_INT -> in.getLongValue();
            case VALUE_NUMBER_FLOAT -> Float.parseFloat(in.getText());
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> Ubj.Null.VALUE;
        };
    }

    private static List<Object> list(JsonParser in) throws IOException {
        List<Object> values = new ArrayList<>();
        for (JsonToken token = in.nextToken(); token != JsonToken.END_ARRAY; token = in.nextToken()) {
            values.add(value(token, in));
        }
        return values;
    }

    private static Object array(String key, JsonParser in) throws IOException {
        List<Object> list = list(in);
        if (FLOATS.contains(key)) {
            float[] values = new float[list.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = number(key, list.get(i)).floatValue();
            }
            return values;
        }
        if (LONGS.contains(key)) {
            return list.stream().mapToLong(v -> number(key, v).longValue()).toArray();
        }
        if (INTS.contains(key)) {
            return list.stream().mapToInt(v -> number(key, v).intValue()).toArray();
        }
        if (BYTES.contains(key)) {
            byte[] values = new byte[list.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = number(key, list.get(i)).byteValue();
            }
            return values;
        }
        return list;
    }

    private static Number number(String key, Object value) {
        if (value instanceof Number number) {
            return number;
        }
        if (value instanceof Boolean truth) { // XGBoost 1.0 to 1.2 wrote default_left as true and false
            return truth ? 1 : 0;
        }
        throw ArclightException.badInput(
                "This is no readable XGBoost JSON file: '%s' holds %s where a number was expected"
                        .formatted(key, value));
    }
}
