package dev.arclight.tune;

import dev.arclight.tune.Distribution.Choice;
import dev.arclight.tune.Distribution.IntegerRange;
import dev.arclight.tune.Distribution.Normal;
import dev.arclight.tune.Distribution.Uniform;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A distribution as samplers see it: either {@link Options}, or a {@link Line} of latent numbers u on which kernels are
 * placed, each u standing for a value.
 */
sealed interface Axis {
    /** A value drawn before anything is known. */
    Object drawPrior(SplittableRandom random);

    static Axis of(Distribution distribution) {
        if (distribution instanceof Uniform d) {
            double middle = d.low() + (d.high() - d.low()) / 2;
            return new Line(
                    d.low(), d.high(), middle, d.high() - d.low(), d.high() - d.low(), d.step(), d.log(), false);
        }
        if (distribution instanceof Normal d) {
            // The standard deviation of a uniform of width w is w / sqrt(12).
            double width = Math.sqrt(12) * d.deviation();
            double infinity = Double.POSITIVE_INFINITY;
            return new Line(-infinity, infinity, d.mean(), d.deviation(), width, d.step(), d.log(), false);
        }
        if (distribution instanceof IntegerRange d) {
            double low = d.log() ? Math.log(d.low() - 0.5) : d.low() - 0.5;
            double high = d.log() ? Math.log(d.high() + 0.5) : d.high() + 0.5;
            return new Line(low, high, low + (high - low) / 2, high - low, high - low, 1, d.log(), true);
        }
        return new Options(((Choice) distribution).options());
    }

    /** A closed set. */
    record Options(List<Object> options) implements Axis {
        @Override
        public Object drawPrior(SplittableRandom random) {
            return options.get(random.nextInt(options.size()));
        }
    }

    /**
     * A range of latent numbers.
     *
     * @param low least u
     * @param high greatest u
     * @param mean centre of the prior kernel
     * @param deviation standard deviation of the prior kernel
     * @param width the unit in which bandwidths are measured: high - low where that is finite
     * @param step values are multiples of this; 0 for continuous
     * @param log whether values are exp(u)
     * @param whole whether values are {@link Long}s
     */
    record Line(
            double low,
            double high,
            double mean,
            double deviation,
            double width,
            double step,
            boolean log,
            boolean whole)
            implements Axis {
        @Override
        public Object drawPrior(SplittableRandom random) {
            double u = random.nextDouble();
            return value(
                    Double.isInfinite(low)
                            ? Gaussian.quantileWithin(u, low, high, mean, deviation)
                            : low + u * (high - low));
        }

        Object value(double latent) {
            double x = log ? Math.exp(latent) : latent;
            if (step > 0) {
                x = Math.rint(x / step) * step;
            }
            if (!whole) {
                return x + 0.0; // no negative zero
            }
            long least = Math.round(log ? Math.exp(low) : low);
            long greatest = Math.round((log ? Math.exp(high) : high) - 1);
            return Math.min(Math.max(Math.round(x), Math.min(least, greatest)), Math.max(least, greatest));
        }

        /** Where the kernel of a value sits. */
        double latent(double value) {
            double x = value;
            if (log) {
                x = Math.log(value > 0 ? value : step / 4); // a quantised value may be 0
            }
            return Math.min(high, Math.max(low, x));
        }

        /** The least u that stands for {@code value}; the same as {@link #cellHigh} where continuous. */
        double cellLow(double value) {
            return edge(value, -step / 2);
        }

        double cellHigh(double value) {
            return edge(value, step / 2);
        }

        private double edge(double value, double offset) {
            double x = value + offset;
            if (log) {
                x = x > 0 ? Math.log(x) : Double.NEGATIVE_INFINITY;
            }
            return Math.min(high, Math.max(low, x));
        }
    }
}
