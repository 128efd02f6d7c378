package dev.arclight.serve;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.web.HttpError;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How far the rows that a model is asked for lie from those it was trained on: the population stability index of each
 * feature, over the last 10,000 to 20,000 rows. Below 0.1 is taken for no change, above 0.25 for a large one (Siddiqi,
 * Credit Risk Scorecards, 2006). Safe for use by many threads.
 */
final class Drift implements Watcher {
    private static final int WINDOW = 10_000;

    /** With fewer rows the index is mostly chance: its mean is about the number of bins divided by that of the rows. */
    static final int LEAST_ROWS = 200;

    /** An empty bin is taken for this share: the logarithm of none is infinite. */
    private static final double LEAST_SHARE = 1e-4;

    private final String name;
    private final InputSchema schema;
    private final FeatureProfile reference;
    private final CounterDataPoint skipped;
    private final Aside aside;
    private long[][] counts;
    private long[][] countsBefore;
    private int rows;
    private int rowsBefore;

    /**
     * @param name of the model
     * @param schema of its rows
     * @param reference of the rows that it was trained on
     * @param skipped rows by model: of other features, or more than could be counted beside the answers
     */
    private Drift(String name, InputSchema schema, FeatureProfile reference, Counter skipped) {
        this.name = name;
        this.schema = schema;
        this.reference = reference;
        this.skipped = skipped.labelValues(name);
        this.aside = new Aside("arclight-drift-" + name, this.skipped::inc);
        this.counts = reference.counts();
        this.countsBefore = reference.counts();
    }

    /**
     * Of the rows in a file.
     *
     * @throws ArclightException {@link ErrorCode#BAD_INPUT} if it holds no such rows, {@link ErrorCode#UNAVAILABLE} if
     *     it cannot be read
     */
    static Drift of(String name, ServedModel model, Path file, Counter skipped) {
        try {
            Rows rows = model.read(file);
            if (rows.count() < LEAST_ROWS) {
                throw ArclightException.badInput("The reference rows of '%s' in %s are %d; at least %d are needed"
                        .formatted(name, file, rows.count(), LEAST_ROWS));
            }
            return new Drift(name, model.schema(), FeatureProfile.of(rows), skipped);
        } catch (HttpError e) { // the readers are those of requests
            throw new ArclightException(
                    ErrorCode.BAD_INPUT,
                    "The reference rows of '%s' in %s: %s".formatted(name, file, e.getMessage()),
                    e);
        } catch (IOException e) {
            throw new ArclightException(
                    ErrorCode.UNAVAILABLE,
                    "The reference rows of '%s' in %s cannot be read: %s".formatted(name, file, e),
                    e);
        }
    }

    @Override
    public void answered(ServedModel model, Rows answered, float[] predictions) {
        aside.offer(answered.count(), () -> count(model, answered));
    }

    private void count(ServedModel model, Rows answered) {
        if (model.schema().names().equals(schema.names())) {
            count(answered);
        } else {
            skipped.inc(answered.count());
        }
    }

    private synchronized void count(Rows answered) {
        reference.count(answered, counts);
        rows += answered.count();
        if (rows >= WINDOW) {
            countsBefore = counts;
            rowsBefore = rows;
            counts = reference.counts();
            rows = 0;
        }
    }

    /** Shares of the rows seen last, as {@link FeatureProfile#shares}; feature by feature. */
    private synchronized double[][] seen() {
        long[][] both = reference.counts();
        for (int feature = 0; feature < both.length; feature++) {
            for (int bin = 0; bin < both[feature].length; bin++) {
                both[feature][bin] = counts[feature][bin] + countsBefore[feature][bin];
            }
        }
        return FeatureProfile.shares(both);
    }

    private synchronized int rows() {
        return rows + rowsBefore;
    }

    /** The index by feature; empty with fewer than 200 rows. */
    Map<List<String>, Double> indexes() {
        Map<List<String>, Double> indexes = new LinkedHashMap<>();
        if (rows() >= LEAST_ROWS) {
            double[][] seen = seen();
            for (int feature = 0; feature < seen.length; feature++) {
                indexes.put(List.of(name, schema.name(feature)), index(reference.shares(feature), seen[feature]));
            }
        }
        return indexes;
    }

    /** What the page shows. */
    ObjectNode describe() {
        ObjectNode answer = JsonNodeFactory.instance
                .objectNode()
                .put("name", name)
                .put("reference_rows", reference.rows())
                .put("rows", rows())
                .put("least_rows", LEAST_ROWS);
        Map<List<String>, Double> indexes = indexes();
        double[][] seen = seen();
        ArrayNode features = answer.putArray("features");
        for (int i = 0; i < seen.length; i++) {
            ObjectNode feature = features.addObject().put("name", schema.name(i));
            Double index = indexes.get(List.of(name, schema.name(i)));
            if (index != null) {
                feature.put("psi", index);
            }
            ArrayNode edges = feature.putArray("edges");
            for (float edge : reference.edges(i)) {
                edges.add(edge);
            }
            ArrayNode trained = feature.putArray("reference");
            for (double share : reference.shares(i)) {
                trained.add(share);
            }
            ArrayNode now = feature.putArray("seen");
            for (double share : seen[i]) {
                now.add(share);
            }
        }
        return answer;
    }

    /** {@code sum((q - p) ln(q / p))} over the bins. */
    static double index(double[] expected, double[] seen) {
        double sum = 0;
        for (int bin = 0; bin < expected.length; bin++) {
            double p = Math.max(LEAST_SHARE, expected[bin]);
            double q = Math.max(LEAST_SHARE, seen[bin]);
            sum += (q - p) * Math.log(q / p);
        }
        return sum;
    }

    @Override
    public void close() {
        aside.close();
    }
}
