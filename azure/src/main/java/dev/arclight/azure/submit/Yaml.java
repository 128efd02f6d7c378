package dev.arclight.azure.submit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Map;

/**
 * Writes maps, lists, texts, numbers and booleans as YAML 1.2 blocks. Texts are written as JSON writes them, which YAML
 * reads as texts whatever they look like.
 */
public final class Yaml {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String STEP = "  ";

    private Yaml() {}

    /** A document. */
    public static String of(Map<String, ?> document) {
        StringBuilder text = new StringBuilder();
        map(document, "", text);
        return text.toString();
    }

    private static void map(Map<?, ?> map, String indent, StringBuilder text) {
        map.forEach((key, value) -> {
            text.append(indent).append(key(String.valueOf(key))).append(':');
            value(value, indent, text);
        });
    }

    private static void value(Object value, String indent, StringBuilder text) {
        if (value instanceof Map<?, ?> map && !map.isEmpty()) {
            text.append('\n');
            map(map, indent + STEP, text);
        } else if (value instanceof List<?> list && !list.isEmpty()) {
            text.append('\n');
            list.forEach(item -> item(item, indent + STEP, text));
        } else {
            text.append(' ').append(scalar(value)).append('\n');
        }
    }

    private static void item(Object item, String indent, StringBuilder text) {
        if (item instanceof Map<?, ?> map && !map.isEmpty()) {
            StringBuilder inner = new StringBuilder();
            map(map, indent + STEP, inner);
            text.append(indent).append("- ").append(inner, indent.length() + STEP.length(), inner.length());
        } else {
            text.append(indent).append("- ").append(scalar(item)).append('\n');
        }
    }

    private static String key(String key) {
        return key.matches("[A-Za-z$_][\\w$./-]*") ? key : scalar(key);
    }

    private static String scalar(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Not for YAML: " + value.getClass(), e);
        }
    }
}
