package dev.arclight.examples.wine;

import dev.arclight.base.AtomicFiles;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.StringJoiner;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.apache.commons.math3.linear.RealMatrix;

/**
 * Makes wine tables in UCI's format: the columns, marginal distributions, correlations and duplicates of the real ones,
 * by a Gaussian copula over the quantiles of each column (Nelsen, An Introduction to Copulas, 2006, section 3.1), one
 * for the good wines and one for the others of each colour. The same seed makes the same files.
 */
public final class WineTables {
    static final int UNSEEN_ROWS = 20_000;
    private static final double UNSEEN_RED = 0.25;

    private WineTables() {}

    /** Like {@link #write(Path, long, int)} with 20,000 unseen wines. */
    public static void write(Path folder, long seed) throws IOException {
        write(folder, seed, UNSEEN_ROWS);
    }

    /**
     * Writes {@code winequality-red.csv} and {@code winequality-white.csv} with as many wines as the real tables have,
     * and {@code unseen-red.csv} and {@code unseen-white.csv} without quality, to be scored.
     *
     * @param folder replaced as a whole
     * @param unseen unseen wines of both colours together
     */
    public static void write(Path folder, long seed, int unseen) throws IOException {
        WineStatistics red = WineStatistics.of("red");
        WineStatistics white = WineStatistics.of("white");
        int unseenRed = (int) (unseen * UNSEEN_RED);
        AtomicFiles.replaceDirectory(folder, made -> {
            write(made.resolve("winequality-red.csv"), red, red.rows(), seed * 4, true);
            write(made.resolve("winequality-white.csv"), white, white.rows(), seed * 4 + 1, true);
            write(made.resolve("unseen-red.csv"), red, unseenRed, seed * 4 + 2, false);
            write(made.resolve("unseen-white.csv"), white, unseen - unseenRed, seed * 4 + 3, false);
        });
    }

    private static void write(Path file, WineStatistics statistics, int rows, long seed, boolean withQuality)
            throws IOException {
        List<Maker> makers = statistics.kinds().stream()
                .map(kind -> new Maker(statistics, kind))
                .toList();
        double others = statistics.kinds().get(0).rows() / (double) statistics.rows();
        Random random = new Random(seed); // its algorithms are specified: the same on every JDK
        List<String> lines = new ArrayList<>(rows + 1);
        lines.add(makers.get(0).header(withQuality));
        while (lines.size() <= rows) {
            if (lines.size() > 1 && random.nextDouble() < statistics.duplicateShare()) {
                lines.add(lines.get(1 + random.nextInt(lines.size() - 1)));
            } else {
                lines.add(makers.get(random.nextDouble() < others ? 0 : 1).line(random, withQuality));
            }
        }
        Files.write(file, String.join("", lines).getBytes(StandardCharsets.UTF_8));
    }

    /** Makes wines of one kind. */
    private static final class Maker {
        private static final NormalDistribution NORMAL = new NormalDistribution();

        private final WineStatistics statistics;
        private final WineStatistics.Kind kind;
        private final List<String> features;
        private final RealMatrix mix;

        Maker(WineStatistics statistics, WineStatistics.Kind kind) {
            this.statistics = statistics;
            this.kind = kind;
            this.features = List.copyOf(statistics.decimals().keySet());
            this.mix = new CholeskyDecomposition(matrix(kind.correlations()), 1e-6, 1e-6).getL();
        }

        String header(boolean withQuality) {
            StringJoiner header = new StringJoiner(";", "", "\n");
            features.forEach(feature -> header.add('"' + feature.replace('_', ' ') + '"'));
            return (withQuality ? header.add("\"quality\"") : header).toString();
        }

        String line(Random random, boolean withQuality) {
            double[] independent = new double[features.size() + 1];
            for (int i = 0; i < independent.length; i++) {
                independent[i] = random.nextGaussian();
            }
            double[] scores = mix.operate(independent);
            StringJoiner line = new StringJoiner(";", "", "\n");
            for (int i = 0; i < features.size(); i++) {
                String feature = features.get(i);
                List<Double> quantiles = Objects.requireNonNull(kind.quantiles().get(feature));
                double value = interpolate(statistics.levels(), quantiles, NORMAL.cumulativeProbability(scores[i]));
                line.add(decimal(
                        value, Objects.requireNonNull(statistics.decimals().get(feature))));
            }
            if (withQuality) {
                line.add(quality(kind.quality(), NORMAL.cumulativeProbability(scores[features.size()])));
            }
            return line.toString();
        }
    }

    private static RealMatrix matrix(List<List<Double>> rows) {
        return new Array2DRowRealMatrix(rows.stream()
                .map(row -> row.stream().mapToDouble(Double::doubleValue).toArray())
                .toArray(double[][]::new));
    }

    private static double interpolate(List<Double> levels, List<Double> values, double level) {
        int above = 1;
        while (above < levels.size() - 1 && levels.get(above) < level) {
            above++;
        }
        double from = levels.get(above - 1);
        double share = Math.min(1, Math.max(0, (level - from) / (levels.get(above) - from)));
        return values.get(above - 1) + share * (values.get(above) - values.get(above - 1));
    }

    /** As UCI writes them: {@code 0} and {@code 0.5}, not {@code 0.00} and {@code 0.50}. */
    private static String decimal(double value, int digits) {
        BigDecimal rounded = BigDecimal.valueOf(value).setScale(digits, RoundingMode.HALF_UP);
        return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
    }

    private static String quality(Map<Integer, Integer> counts, double level) {
        double all = counts.values().stream().mapToInt(Integer::intValue).sum();
        double below = 0;
        int last = 0;
        for (Map.Entry<Integer, Integer> entry : counts.entrySet()) {
            below += entry.getValue() / all;
            last = entry.getKey();
            if (level <= below) {
                break;
            }
        }
        return String.valueOf(last);
    }
}
