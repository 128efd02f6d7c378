package dev.arclight.serve;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.arclight.base.ArclightException;
import dev.arclight.model.GoldenRows;
import dev.arclight.web.Reply;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The models by name; each name has one version at a time. Safe for use by many threads. */
final class Models {
    private static final JsonMapper JSON = new JsonMapper();

    private final String first;
    private final Map<String, ServedModel> current;

    /** @param models at least one; in order */
    Models(Map<String, ServedModel> models) {
        first = models.keySet().iterator().next();
        current = new ConcurrentHashMap<>(models);
    }

    /** The model that answers where a caller names none. */
    ServedModel first() {
        return find(first);
    }

    String firstName() {
        return first;
    }

    /** The version of {@code name} that answers now. */
    ServedModel find(String name) {
        ServedModel model = current.get(name);
        if (model == null) {
            throw ArclightException.notFound("No model '%s' is served here; there are %s".formatted(name, names()));
        }
        return model;
    }

    List<String> names() {
        return current.keySet().stream().sorted().toList();
    }

    void replace(String name, ServedModel next) {
        find(name);
        current.put(name, next);
    }

    Reply list() {
        return Reply.json(Map.of("models", names(), "default", first));
    }

    /** What a person or page needs to make a request. */
    Reply describe(String name) {
        ServedModel model = find(name);
        ObjectNode answer = JSON.createObjectNode()
                .put("name", name)
                .put("version", model.version())
                .put("description", model.model().description());
        ObjectNode signature = answer.putObject("signature");
        model.model().signature().toMap().forEach((key, text) -> {
            try {
                signature.set(key, text == null ? JSON.nullNode() : JSON.readTree(text));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("A signature writes JSON", e);
            }
        });
        model.model().goldenRows().ifPresent(golden -> example(answer.putArray("example"), golden, model));
        return Reply.json(answer);
    }

    private static void example(ArrayNode example, GoldenRows golden, ServedModel model) {
        float[] rows = golden.rows();
        for (int i = 0; i < model.schema().width(); i++) {
            if (Float.isNaN(rows[i])) {
                example.addNull();
            } else {
                example.add(rows[i]);
            }
        }
    }
}
