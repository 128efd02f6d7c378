package dev.arclight.base.report;

import java.util.Arrays;
import java.util.List;

/** Checks of what charts are given, and conversions of it. */
final class Shapes {
    private Shapes() {}

    static void same(String what, int size, String as, int expected, String chart) {
        if (size != expected) {
            throw new IllegalArgumentException(
                    "%d %s for %d %s in chart '%s'".formatted(size, what, expected, as, chart));
        }
    }

    static List<Double> boxed(double[] values) {
        return Arrays.stream(values).boxed().toList();
    }

    static double[] array(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** -1 where no value is finite. */
    static int indexOfLargest(double[] values) {
        int largest = -1;
        for (int i = 0; i < values.length; i++) {
            if (Double.isFinite(values[i]) && (largest < 0 || values[i] > values[largest])) {
                largest = i;
            }
        }
        return largest;
    }

    /** "a to b" of the finite values. */
    static String range(double[] values) {
        double[] finite = Arrays.stream(values).filter(Double::isFinite).toArray();
        if (finite.length == 0) {
            return "no values";
        }
        return Numbers.general(Arrays.stream(finite).min().getAsDouble())
                + " to "
                + Numbers.general(Arrays.stream(finite).max().getAsDouble());
    }
}
