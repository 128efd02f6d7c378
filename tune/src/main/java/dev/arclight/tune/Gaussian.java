package dev.arclight.tune;

import org.apache.commons.numbers.gamma.ErfDifference;
import org.apache.commons.numbers.gamma.Erfc;
import org.apache.commons.numbers.gamma.InverseErfc;

/** The normal distribution cut to an interval. */
final class Gaussian {
    private static final double SQRT2 = Math.sqrt(2);
    private static final double SMALLEST_MASS = 1e-300;

    private Gaussian() {}

    /** Natural logarithm of the probability of [{@code low}, {@code high}]; at least log(1e-300). */
    static double logMass(double low, double high, double mean, double deviation) {
        double a = (low - mean) / deviation / SQRT2;
        double b = (high - mean) / deviation / SQRT2;
        return Math.log(Math.max(0.5 * ErfDifference.value(a, b), SMALLEST_MASS));
    }

    /** The value in [{@code low}, {@code high}] below which lies the share {@code u} of the probability there. */
    static double quantileWithin(double u, double low, double high, double mean, double deviation) {
        double a = (low - mean) / deviation;
        double b = (high - mean) / deviation;
        // Upper tails lose their digits in 1 - tiny: work in the lower one.
        double z = a > 0 ? -quantile(1 - u, -b, -a) : quantile(u, a, b);
        return Math.min(high, Math.max(low, mean + deviation * z));
    }

    private static double quantile(double u, double a, double b) {
        double below = lowerTail(a);
        double p = below + u * (lowerTail(b) - below);
        return -SQRT2 * InverseErfc.value(2 * Math.min(1, Math.max(p, Double.MIN_NORMAL)));
    }

    private static double lowerTail(double z) {
        return 0.5 * Erfc.value(-z / SQRT2);
    }
}
