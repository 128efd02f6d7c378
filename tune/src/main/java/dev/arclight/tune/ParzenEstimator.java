package dev.arclight.tune;

import dev.arclight.tune.Axis.Line;
import dev.arclight.tune.Axis.Options;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * A density over several axes together: a weighted mixture of one product kernel an observation and one for the prior
 * (the last). On a {@link Line} a kernel is a normal distribution cut to the range, of which a value takes the mass of
 * its cell where values are discrete; on {@link Options} it is a distribution that prefers the option observed.
 *
 * <p>Weights and bandwidths are those of Optuna's multivariate estimator: the 25 newest observations and the prior
 * weigh 1, older ones less, linearly down to 1/n; the deviation is 0.12 n^(-1/(d+4)) of the width (Scott 1992 with a
 * smaller constant), and not below width / min(100, n + 2). For an axis by itself the deviation is the greater distance
 * to the neighbouring observations (Bergstra 2011, section 4.2).
 */
final class ParzenEstimator {
    private static final double BANDWIDTH = 0.12;
    private static final int FULL_WEIGHT = 25;

    private final List<Axis> axes;
    private final int kernels;
    private final double[] cumulativeWeights;
    private final double[] logWeights;
    /** For a line: centre of each kernel. For options: index of the option observed, -1 for the prior. */
    private final double[][] centres;

    /** For a line: standard deviation of each kernel. */
    private final double[][] deviations;

    private final boolean joint;
    /** For a line: log of what the range cuts a kernel down to. */
    private final double[][] logMasses;

    ParzenEstimator(List<Axis> axes, List<String> names, List<Map<String, Object>> observations, boolean joint) {
        this.axes = axes;
        this.joint = joint;
        int n = observations.size();
        kernels = n + 1;
        double[] weights = weights(n);
        cumulativeWeights = weights.clone();
        Arrays.parallelPrefix(cumulativeWeights, Double::sum);
        double total = cumulativeWeights[n];
        logWeights = Arrays.stream(weights).map(w -> Math.log(w / total)).toArray();
        centres = new double[axes.size()][kernels];
        logMasses = new double[axes.size()][];
        deviations = new double[axes.size()][];
        for (int a = 0; a < axes.size(); a++) {
            String name = names.get(a);
            if (axes.get(a) instanceof Line line) {
                for (int k = 0; k < n; k++) {
                    Number value =
                            (Number) Objects.requireNonNull(observations.get(k).get(name));
                    centres[a][k] = line.latent(value.doubleValue());
                }
                centres[a][n] = line.mean();
                deviations[a] = joint ? sharedDeviations(line, n, axes.size()) : neighbourDeviations(line, centres[a]);
                logMasses[a] = new double[kernels];
                for (int k = 0; k < kernels; k++) {
                    logMasses[a][k] = Gaussian.logMass(line.low(), line.high(), centres[a][k], deviations[a][k]);
                }
            } else {
                List<Object> options = ((Options) axes.get(a)).options();
                for (int k = 0; k < n; k++) {
                    centres[a][k] = options.indexOf(observations.get(k).get(name));
                }
                centres[a][n] = -1;
            }
        }
    }

    /** A vector of values, one an axis. */
    Object[] draw(SplittableRandom random) {
        int kernel = kernelAt(random.nextDouble() * cumulativeWeights[kernels - 1]);
        Object[] values = new Object[axes.size()];
        for (int a = 0; a < values.length; a++) {
            double u = random.nextDouble();
            if (axes.get(a) instanceof Line line) {
                values[a] = line.value(
                        Gaussian.quantileWithin(u, line.low(), line.high(), centres[a][kernel], deviations[a][kernel]));
            } else {
                List<Object> options = ((Options) axes.get(a)).options();
                int option = 0;
                double left = u - optionShare(a, kernel, 0, options.size());
                while (left > 0 && option < options.size() - 1) {
                    option++;
                    left -= optionShare(a, kernel, option, options.size());
                }
                values[a] = options.get(option);
            }
        }
        return values;
    }

    /** Natural logarithm of the density at {@code values}: per unit of u on continuous axes, a mass on the others. */
    double logDensity(Object[] values) {
        double[] logs = logWeights.clone();
        for (int a = 0; a < values.length; a++) {
            if (axes.get(a) instanceof Line line) {
                addLine(logs, a, line, ((Number) values[a]).doubleValue());
            } else {
                List<Object> options = ((Options) axes.get(a)).options();
                int option = options.indexOf(values[a]);
                for (int k = 0; k < kernels; k++) {
                    logs[k] += Math.log(optionShare(a, k, option, options.size()));
                }
            }
        }
        double greatest = Arrays.stream(logs).max().orElseThrow();
        double sum = 0;
        for (double log : logs) {
            sum += Math.exp(log - greatest);
        }
        return greatest + Math.log(sum);
    }

    private void addLine(double[] logs, int axis, Line line, double value) {
        double[] centre = centres[axis];
        double[] deviation = deviations[axis];
        if (line.step() > 0) {
            double low = line.cellLow(value);
            double high = line.cellHigh(value);
            int prior = kernels - 1;
            // A mass costs two error functions. Where kernels share their deviation, few are different.
            Map<Double, Double> masses = new HashMap<>();
            for (int k = 0; k < prior; k++) {
                double sigma = deviation[k];
                logs[k] += (joint
                                ? masses.computeIfAbsent(centre[k], mean -> Gaussian.logMass(low, high, mean, sigma))
                                : Gaussian.logMass(low, high, centre[k], sigma))
                        - logMasses[axis][k];
            }
            logs[prior] += Gaussian.logMass(low, high, centre[prior], deviation[prior]) - logMasses[axis][prior];
            return;
        }
        double latent = line.latent(value);
        for (int k = 0; k < kernels; k++) {
            double z = (latent - centre[k]) / deviation[k];
            logs[k] += -0.5 * z * z - Math.log(deviation[k]) - logMasses[axis][k];
        }
    }

    private static double[] sharedDeviations(Line line, int n, int dimensions) {
        double share = BANDWIDTH * Math.pow(Math.max(n, 1), -1.0 / (dimensions + 4));
        double[] deviations = new double[n + 1];
        Arrays.fill(deviations, floored(Math.max(share, leastShare(n)) * line.width()));
        deviations[n] = floored(line.deviation());
        return deviations;
    }

    /** The greater distance to the next centre on either side, the prior's among them; the last is the prior. */
    private static double[] neighbourDeviations(Line line, double[] centres) {
        int n = centres.length - 1;
        double[] sorted = centres.clone();
        Arrays.sort(sorted);
        double[] deviations = new double[n + 1];
        for (int k = 0; k < n; k++) {
            int at = Arrays.binarySearch(sorted, centres[k]);
            double left = at > 0 ? sorted[at] - sorted[at - 1] : 0;
            double right = at < n ? sorted[at + 1] - sorted[at] : 0;
            double wide = Math.max(left, right);
            deviations[k] = floored(Math.min(line.deviation(), Math.max(wide, leastShare(n) * line.deviation())));
        }
        deviations[n] = floored(line.deviation());
        return deviations;
    }

    private static double leastShare(int n) {
        return 1.0 / Math.min(100, n + 2);
    }

    private static double floored(double deviation) {
        return Math.max(deviation, Double.MIN_NORMAL); // a range of one value
    }

    /** Every option has 1/kernels, the observed one has 1 more; normalised. */
    private double optionShare(int axis, int kernel, int option, int options) {
        double base = 1.0 / kernels;
        double observed = centres[axis][kernel];
        double total = options * base + (observed >= 0 ? 1 : 0);
        return (base + (observed == option ? 1 : 0)) / total;
    }

    private int kernelAt(double weight) {
        int found = Arrays.binarySearch(cumulativeWeights, weight);
        return Math.min(found >= 0 ? found + 1 : -found - 1, kernels - 1);
    }

    private static double[] weights(int n) {
        double[] weights = new double[n + 1];
        Arrays.fill(weights, 1);
        int old = n - FULL_WEIGHT;
        for (int i = 0; i < old; i++) {
            double least = 1.0 / n;
            weights[i] = old == 1 ? least : least + (1 - least) * i / (old - 1);
        }
        return weights;
    }
}
