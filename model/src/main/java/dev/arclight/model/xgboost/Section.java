package dev.arclight.model.xgboost;

import dev.arclight.base.ArclightException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One object of a model file and where it is, so that what is missing or of the wrong type can be named. */
final class Section {
    private final String path;
    private final Map<String, Object> fields;

    Section(String path, Map<String, Object> fields) {
        this.path = path;
        this.fields = fields;
    }

    boolean has(String key) {
        return fields.containsKey(key);
    }

    String text(String key) {
        return require(key, String.class);
    }

    Optional<String> findText(String key) {
        return has(key) ? Optional.of(text(key)) : Optional.empty();
    }

    /** A number that XGBoost writes as text, such as {@code "num_feature": "11"}. */
    int number(String key) {
        String text = text(key);
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw wrong(key, "a whole number", text);
        }
    }

    Section section(String key) {
        return new Section(path + key + ".", fieldsOf(key, require(key, Map.class)));
    }

    List<Section> sections(String key) {
        List<?> list = require(key, List.class);
        List<Section> sections = new ArrayList<>(list.size());
        for (int i = 0; i < list.size(); i++) {
            String name = key + "[" + i + "]";
            sections.add(new Section(path + name + ".", fieldsOf(name, list.get(i))));
        }
        return sections;
    }

    float[] floats(String key) {
        return require(key, float[].class);
    }

    /** Whole numbers, from any array type of either file format; empty where the key is absent. */
    int[] ints(String key) {
        Object value = fields.get(key);
        if (value == null) {
            return new int[0];
        }
        if (value instanceof int[] ints) {
            return ints;
        }
        if (value instanceof long[] longs) {
            int[] ints = new int[longs.length];
            for (int i = 0; i < ints.length; i++) {
                ints[i] = narrow(key, longs[i]);
            }
            return ints;
        }
        if (value instanceof byte[] bytes) {
            int[] ints = new int[bytes.length];
            for (int i = 0; i < ints.length; i++) {
                ints[i] = bytes[i] & 0xff;
            }
            return ints;
        }
        if (value instanceof List<?> list) {
            int[] ints = new int[list.size()];
            for (int i = 0; i < ints.length; i++) {
                if (!(list.get(i) instanceof Long each)) {
                    throw wrong(key, "whole numbers", list.get(i));
                }
                ints[i] = narrow(key, each);
            }
            return ints;
        }
        throw wrong(key, "whole numbers", value.getClass().getSimpleName());
    }

    List<String> texts(String key) {
        Object value = fields.get(key);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> list)) {
            throw wrong(key, "a list of texts", value.getClass().getSimpleName());
        }
        List<String> texts = new ArrayList<>(list.size());
        for (Object each : list) {
            if (!(each instanceof String text)) {
                throw wrong(key, "texts", each);
            }
            texts.add(text);
        }
        return texts;
    }

    ArclightException wrong(String key, String expected, Object seen) {
        return ArclightException.badInput("The XGBoost model is damaged: '%s%s' should hold %s, but holds %s"
                .formatted(path, key, expected, seen));
    }

    private int narrow(String key, long value) {
        if (value != (int) value) {
            throw wrong(key, "32-bit numbers", value);
        }
        return (int) value;
    }

    private <T> T require(String key, Class<T> type) {
        Object value = fields.get(key);
        if (value == null) {
            throw ArclightException.badInput(
                    "This is no XGBoost model that can be read here: '%s%s' is missing".formatted(path, key));
        }
        if (!type.isInstance(value)) {
            throw wrong(key, "a " + type.getSimpleName(), value.getClass().getSimpleName());
        }
        return type.cast(value);
    }

    private Map<String, Object> fieldsOf(String key, Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            throw wrong(key, "an object", value.getClass().getSimpleName());
        }
        @SuppressWarnings("unchecked") // both readers make maps of texts only
        Map<String, Object> fields = (Map<String, Object>) map;
        return fields;
    }
}
