package dev.arclight.base.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A named sequence of points.
 *
 * @param xs as many as ys
 * @param labels one a point, or none at all
 */
record Points(String name, List<Double> xs, List<Double> ys, List<String> labels) {
    Points {
        Objects.requireNonNull(name);
        Shapes.same("x values", xs.size(), "y values", ys.size(), name);
        xs = List.copyOf(xs);
        ys = List.copyOf(ys);
        labels = List.copyOf(labels);
    }

    static Points of(String name, double[] xs, double[] ys) {
        return new Points(name, Shapes.boxed(xs), Shapes.boxed(ys), List.of());
    }

    int size() {
        return xs.size();
    }

    /** Writes what a chart with these axes can place; of a pair with one value missing, both are. */
    void writeTo(ObjectNode node, Axis x, Axis y) {
        double[] drawnX = Shapes.array(xs);
        double[] drawnY = Shapes.array(ys);
        for (int i = 0; i < drawnX.length; i++) {
            if (!x.holds(drawnX[i]) || !y.holds(drawnY[i])) {
                drawnY[i] = Double.NaN;
            }
            if (!x.holds(drawnX[i])) {
                drawnX[i] = Double.NaN;
            }
        }
        node.put("name", name);
        node.set("x", Json.numbers(drawnX));
        node.set("y", Json.numbers(drawnY));
        if (!labels.isEmpty()) {
            node.set("labels", Json.texts(labels));
        }
    }

    /**
     * The points that carry the shape of the line, at most {@code most}: largest triangle three buckets (S.
     * Steinarsson, "Downsampling Time Series for Visual Representation", 2013, section 4.2), with each point that is
     * not finite kept out. First and last stay.
     */
    Points thinned(int most) {
        if (size() <= most) {
            return this;
        }
        double[] x = Shapes.array(xs);
        double[] y = Shapes.array(ys);
        int[] finite = java.util.stream.IntStream.range(0, x.length)
                .filter(i -> Double.isFinite(x[i]) && Double.isFinite(y[i]))
                .toArray();
        if (finite.length <= most) {
            return picked(finite);
        }
        int[] kept = new int[most];
        kept[0] = finite[0];
        double width = (finite.length - 2) / (double) (most - 2);
        for (int bucket = 0; bucket < most - 2; bucket++) {
            int from = 1 + (int) (bucket * width);
            int to = 1 + (int) ((bucket + 1) * width);
            int next = Math.min(finite.length, 1 + (int) ((bucket + 2) * width));
            double meanX = 0;
            double meanY = 0;
            for (int i = to; i < Math.max(next, to + 1); i++) {
                meanX += x[finite[i]];
                meanY += y[finite[i]];
            }
            int count = Math.max(next, to + 1) - to;
            meanX /= count;
            meanY /= count;
            int last = kept[bucket];
            double largest = -1;
            for (int i = from; i < to; i++) {
                double area = Math.abs(
                        (x[last] - meanX) * (y[finite[i]] - y[last]) - (x[last] - x[finite[i]]) * (meanY - y[last]));
                if (area > largest) {
                    largest = area;
                    kept[bucket + 1] = finite[i];
                }
            }
        }
        kept[most - 1] = finite[finite.length - 1];
        return picked(kept);
    }

    private Points picked(int[] indices) {
        return new Points(
                name,
                Arrays.stream(indices).mapToObj(xs::get).toList(),
                Arrays.stream(indices).mapToObj(ys::get).toList(),
                labels.isEmpty()
                        ? List.of()
                        : Arrays.stream(indices).mapToObj(labels::get).toList());
    }
}
