package dev.arclight.serve;

import dev.arclight.base.ArclightException;
import dev.arclight.web.Metrics;
import dev.arclight.web.Reply;
import io.prometheus.metrics.core.metrics.Counter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who watches the answers of each model: shadows, the log of requests, drift. Filled before the server starts, then
 * safe for use by many threads.
 */
final class Watching implements AutoCloseable {
    private final Models models;
    private final Metrics metrics;
    private final Map<String, List<Watcher>> watchers = new LinkedHashMap<>();
    private final Map<String, Drift> drifts = new LinkedHashMap<>();

    Watching(Models models, Metrics metrics) {
        this.models = models;
        this.metrics = metrics;
    }

    /** @param shadows names of models and, for each, the keys of those that predict beside it */
    void shadows(Map<String, List<String>> shadows) {
        if (!shadows.isEmpty()) {
            Shadow.Counters counters = new Shadow.Counters(metrics);
            shadows.forEach((name, keys) -> keys.forEach(key -> add(name, new Shadow(models, name, key, counters))));
        }
    }

    /** Keeps a share of the requests to every model. */
    void log(Path folder, double share) {
        RequestLog.Counters counters = new RequestLog.Counters(metrics);
        models.names().forEach(name -> add(name, new RequestLog(folder, name, share, counters)));
    }

    /** @param references files of rows that models were trained on, by the name of the model */
    void drift(Map<String, Path> references) {
        if (references.isEmpty()) {
            return;
        }
        Counter skipped = metrics.counter(
                "arclight_drift_skipped_rows", "Rows that were not compared with the reference rows", "model");
        references.forEach((name, file) -> {
            Drift drift = Drift.of(name, models.find(name), file, skipped);
            drifts.put(name, drift);
            add(name, drift);
        });
        metrics.gauges(
                "arclight_feature_psi",
                "Population stability index of a feature against the reference rows",
                this::indexes,
                "model",
                "feature");
    }

    private Map<List<String>, Double> indexes() {
        Map<List<String>, Double> all = new LinkedHashMap<>();
        drifts.values().forEach(drift -> all.putAll(drift.indexes()));
        return all;
    }

    private void add(String name, Watcher watcher) {
        watchers.computeIfAbsent(name, any -> new ArrayList<>()).add(watcher);
    }

    /** Tells those who watch {@code name}. */
    void answered(String name, ServedModel model, Rows rows, float[] predictions) {
        for (Watcher watcher : watchers.getOrDefault(name, List.of())) {
            watcher.answered(model, rows, predictions);
        }
    }

    /** Whether {@link #describeDrift} has an answer. */
    boolean hasDrift(String name) {
        return drifts.containsKey(name);
    }

    /** How far the rows that {@code name} is asked for are from its reference. */
    Reply describeDrift(String name) {
        Drift drift = drifts.get(name);
        if (drift == null) {
            throw ArclightException.notFound(
                    "No reference rows were given for '%s': start the server with --reference %s=FILE"
                            .formatted(name, name));
        }
        return Reply.json(drift.describe());
    }

    @Override
    public void close() {
        watchers.values().forEach(all -> all.forEach(Watcher::close));
    }
}
