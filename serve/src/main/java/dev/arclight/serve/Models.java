package dev.arclight.serve;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.arclight.base.ArclightException;
import dev.arclight.model.GoldenRows;
import dev.arclight.model.Model;
import dev.arclight.web.Reply;
import dev.arclight.web.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The models by name; each name has one version at a time. Safe for use by many threads. */
final class Models {
    private static final JsonMapper JSON = new JsonMapper();

    private final String first;
    private final Map<String, ServedModel> current;
    private final Map<String, Canary> canaries;
    private volatile boolean ready;

    /**
     * @param models at least one; in order
     * @param canaries by the name that callers use
     */
    Models(Map<String, ServedModel> models, Map<String, Canary> canaries) {
        first = models.keySet().iterator().next();
        current = new ConcurrentHashMap<>(models);
        this.canaries = Map.copyOf(canaries);
    }

    /** Runs each once through the way of a request; then {@link #isReady}. */
    void warmUp() {
        current.values().forEach(ServedModel::warmUp);
        ready = true;
    }

    boolean isReady() {
        return ready;
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

    /** The version that answers this request to {@code name}: where it has a canary, perhaps that one. */
    ServedModel pick(String name, Request request) {
        Canary canary = canaries.get(name);
        if (canary == null) {
            return find(name);
        }
        try {
            return find(canary.pick(request.bytes()));
        } catch (IOException e) {
            throw new UncheckedIOException("The body cannot be read", e);
        }
    }

    List<String> names() {
        return current.keySet().stream().sorted().toList();
    }

    /** Puts a new version in the place of the old one, whose decision it takes over, once it is warm. */
    void replace(String name, String version, Model model) {
        ServedModel next = new ServedModel(model, version, find(name).decision());
        next.warmUp();
        current.put(name, next);
    }

    Reply list() {
        return Reply.json(Map.of("models", names(), "default", first));
    }

    /**
     * What a person or page needs to make a request.
     *
     * @param hasDrift whether {@code /models/NAME/drift} has an answer
     */
    Reply describe(String name, boolean hasDrift) {
        ServedModel model = find(name);
        ObjectNode answer = JSON.createObjectNode()
                .put("name", name)
                .put("version", model.version())
                .put("description", model.model().description())
                .put("drift", hasDrift);
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
