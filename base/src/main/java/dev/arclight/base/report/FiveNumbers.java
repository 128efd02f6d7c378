package dev.arclight.base.report;

/**
 * The summary that a box plot draws. NaN throughout means that there are no values: no box is drawn.
 *
 * @param low end of the lower whisker
 * @param lowerQuartile bottom of the box
 * @param median line in the box
 * @param upperQuartile top of the box
 * @param high end of the upper whisker
 */
public record FiveNumbers(double low, double lowerQuartile, double median, double upperQuartile, double high) {
    public FiveNumbers {
        if (low > lowerQuartile || lowerQuartile > median || median > upperQuartile || upperQuartile > high) {
            throw new IllegalArgumentException("Five numbers must ascend: %s, %s, %s, %s, %s"
                    .formatted(low, lowerQuartile, median, upperQuartile, high));
        }
    }

    double[] values() {
        return new double[] {low, lowerQuartile, median, upperQuartile, high};
    }
}
