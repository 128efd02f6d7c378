package dev.arclight.track.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.arclight.web.HttpError;
import dev.arclight.web.Request;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a call: JSON of the body, or the query of a GET. As in protobuf's JSON, numbers may be quoted, null is
 * the same as absent, and unknown fields are passed over.
 */
final class Payload {
    private final JsonNode fields;
    private final @Nullable Payload within;
    private final String name; // of the field that this is, or of which it is an element
    private final int index; // -1: not an element of a list

    private Payload(JsonNode fields) {
        this(fields, null, "", -1);
    }

    private Payload(JsonNode fields, @Nullable Payload within, String name, int index) {
        this.fields = fields;
        this.within = within;
        this.name = name;
        this.index = index;
    }

    static Payload of(Request request) throws IOException {
        if (request.method().equals("GET") || request.method().equals("HEAD")) {
            ObjectNode fields = JsonNodeFactory.instance.objectNode();
            request.queries().forEach((name, values) -> {
                if (values.size() == 1) {
                    fields.put(name, values.get(0));
                } else {
                    values.forEach(fields.withArray("/" + name)::add);
                }
            });
            return new Payload(fields);
        }
        if (request.bytes().length == 0) {
            return new Payload(JsonNodeFactory.instance.objectNode());
        }
        JsonNode body = request.json();
        if (!body.isObject()) {
            throw HttpError.badRequest("The body is JSON, but no object");
        }
        return new Payload(body);
    }

    /** A text that must be there and not be empty. */
    String required(String name) {
        return find(name)
                .filter(text -> !text.isEmpty())
                .orElseThrow(() -> HttpError.badRequest(
                        "Missing value for required parameter '%s%s'. See the API docs for more information about request parameters."
                                .formatted(path(), name)));
    }

    String text(String name) {
        return find(name).orElse("");
    }

    Optional<String> find(String name) {
        JsonNode node = fields.get(name);
        if (node == null || node.isNull()) {
            return Optional.empty();
        }
        if (node.isContainerNode()) {
            throw invalid(name, node, "a text");
        }
        return Optional.of(node.asText());
    }

    boolean has(String name) {
        return fields.hasNonNull(name);
    }

    long number(String name, long fallback) {
        JsonNode node = fields.get(name);
        if (node == null || node.isNull()) {
            return fallback;
        }
        if (node.isIntegralNumber() && node.canConvertToLong()) {
            return node.longValue();
        }
        try {
            if (node.isTextual()) {
                return Long.parseLong(node.asText().strip());
            }
            if (node.isNumber() && node.doubleValue() == Math.rint(node.doubleValue())) {
                return node.longValue();
            }
        } catch (NumberFormatException e) {
            throw invalid(name, node, "an integer");
        }
        throw invalid(name, node, "an integer");
    }

    int integer(String name, int fallback) {
        long number = number(name, fallback);
        if (number != (int) number) {
            throw invalid(name, fields.path(name), "a 32-bit integer");
        }
        return (int) number;
    }

    /** A double that must be there; protobuf's JSON writes NaN and the infinities as texts. */
    double requiredDouble(String name) {
        JsonNode node = fields.get(name);
        if (node == null || node.isNull()) {
            required(name);
        }
        if (node != null && node.isNumber()) {
            return node.doubleValue();
        }
        String text = node == null ? "" : node.asText();
        try {
            return switch (text) {
                case "NaN", "nan" -> Double.NaN;
                case "Infinity", "inf" -> Double.POSITIVE_INFINITY;
                case "-Infinity", "-inf" -> Double.NEGATIVE_INFINITY;
                default -> Double.parseDouble(text);
            };
        } catch (NumberFormatException e) {
            throw invalid(name, fields.path(name), "a number");
        }
    }

    boolean flag(String name, boolean fallback) {
        return find(name)
                .map(text -> switch (text.toLowerCase(java.util.Locale.ROOT)) {
                    case "true" -> true;
                    case "false" -> false;
                    default ->
                        throw HttpError.badRequest(
                                "Invalid boolean value: %s, must be 'true' or 'false'.".formatted(text));
                })
                .orElse(fallback);
    }

    List<String> texts(String name) {
        JsonNode node = fields.get(name);
        List<String> texts = new ArrayList<>();
        if (node != null && node.isArray()) {
            for (JsonNode item : node) {
                if (item.isContainerNode() || item.isNull()) {
                    throw invalid(name, node, "a list of texts");
                }
                texts.add(item.asText());
            }
        } else if (node != null && node.isTextual()) {
            texts.add(node.asText()); // a GET's only value
        } else if (node != null && !node.isNull()) {
            throw invalid(name, node, "a list of texts");
        }
        return texts;
    }

    List<Payload> objects(String name) {
        JsonNode node = fields.get(name);
        List<Payload> objects = new ArrayList<>();
        if (node == null || node.isNull()) {
            return objects;
        }
        if (!node.isArray()) {
            throw invalid(name, node, "a list");
        }
        for (int i = 0; i < node.size(); i++) {
            if (!node.get(i).isObject()) {
                throw invalid(name, node, "a list of objects");
            }
            objects.add(new Payload(node.get(i), this, name, i));
        }
        return objects;
    }

    /** An object that must be there. */
    Payload object(String name) {
        JsonNode node = fields.get(name);
        if (node == null || !node.isObject()) {
            throw invalid(name, fields.path(name), "an object");
        }
        return new Payload(node, this, name, -1);
    }

    /** A list of {@code {"key", "value"}}. Of a key that comes twice the last value counts. */
    Map<String, String> pairs(String name) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (Payload pair : objects(name)) {
            pairs.put(pair.required("key"), pair.text("value"));
        }
        return pairs;
    }

    private HttpError invalid(String name, JsonNode seen, String expected) {
        String value = seen.toString();
        return HttpError.badRequest("Invalid value %s for parameter '%s%s' supplied: expected %s"
                .formatted(value.length() > 200 ? value.substring(0, 200) + "…" : value, path(), name, expected));
    }

    /** Where this stands in the message, such as {@code metrics[3].}; only for messages of errors. */
    private String path() {
        if (within == null) {
            return "";
        }
        return index < 0 ? "%s%s.".formatted(within.path(), name) : "%s%s[%d].".formatted(within.path(), name, index);
    }
}
