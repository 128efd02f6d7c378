package dev.arclight.serve;

import dev.arclight.web.Metrics;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a second model predict what another one answered, on a thread of its own, and counts where the two disagree. It
 * never holds an answer up: what it cannot keep up with is left out and counted.
 */
final class Shadow implements Watcher {
    private static final Logger LOG = LoggerFactory.getLogger(Shadow.class);

    private static final double[] DIFFERENCES = {1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.05, 0.1, 0.5, 1, 10};

    private final Models models;
    private final String name;
    private final String key;
    private final Counter compared;
    private final Counter disagreed;
    private final Counter skipped;
    private final Histogram differences;
    private final Aside aside;

    /**
     * @param name of the model that answers
     * @param key of the one that predicts beside it
     * @param counters shared by all shadows
     */
    Shadow(Models models, String name, String key, Counters counters) {
        this.models = models;
        this.name = name;
        this.key = key;
        this.compared = counters.compared;
        this.disagreed = counters.disagreed;
        this.skipped = counters.skipped;
        this.differences = counters.differences;
        this.aside = new Aside("arclight-shadow-" + key, skipped.labelValues(name, key)::inc);
    }

    /** What all shadows count, by the names of the two models. */
    static final class Counters {
        private final Counter compared;
        private final Counter disagreed;
        private final Counter skipped;
        private final Histogram differences;

        Counters(Metrics metrics) {
            compared = metrics.counter("arclight_shadow_rows", "Rows that a shadow predicted too", "model", "shadow");
            disagreed = metrics.counter(
                    "arclight_shadow_disagreements",
                    "Rows with another label or, where no threshold is set, another prediction",
                    "model",
                    "shadow");
            skipped = metrics.counter(
                    "arclight_shadow_skipped_rows", "Rows that a shadow left out or failed on", "model", "shadow");
            differences = metrics.histogram(
                    "arclight_shadow_difference",
                    "How far a shadow's predictions lie from the answers",
                    DIFFERENCES,
                    "model",
                    "shadow");
        }
    }

    @Override
    public void answered(ServedModel model, Rows rows, float[] predictions) {
        aside.offer(rows.count(), () -> compare(rows, predictions));
    }

    private void compare(Rows table, float[] answers) {
        ServedModel model = models.find(key);
        int rows = table.count();
        int outputs = model.outputs();
        if (table.width() != model.schema().width()
                || !model.schema().names().equals(models.find(name).schema().names())
                || answers.length != rows * outputs) {
            skipped.labelValues(name, key).inc(rows);
            return;
        }
        float[] own;
        try {
            own = model.predict(table);
        } catch (RuntimeException e) {
            LOG.warn("The shadow {} of {} failed: {}", key, name, e.getMessage());
            skipped.labelValues(name, key).inc(rows);
            return;
        }
        Decision decision = models.find(name).decision();
        int different = 0;
        for (int row = 0; row < rows; row++) {
            double most = 0;
            boolean otherLabel = false;
            for (int i = row * outputs; i < (row + 1) * outputs; i++) {
                float answer = answers[i];
                most = Math.max(most, Math.abs((double) own[i] - answer));
                otherLabel |= decision == null
                        ? Math.abs((double) own[i] - answer) > 1e-6 + 1e-6 * Math.abs(answer)
                        : decision.label(own[i]) != decision.label(answer);
            }
            differences.labelValues(name, key).observe(most);
            different += otherLabel ? 1 : 0;
        }
        compared.labelValues(name, key).inc(rows);
        disagreed.labelValues(name, key).inc(different);
    }

    @Override
    public void close() {
        aside.close();
    }
}
