package dev.arclight.tables.profile;

import dev.arclight.base.ArclightException;
import dev.arclight.tables.profile.TableSketch.Plan;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.datasketches.frequencies.ErrorType;
import org.apache.datasketches.frequencies.ItemsSketch;
import org.apache.datasketches.kll.KllDoublesSketch;
import org.apache.datasketches.kll.KllSketch;
import org.apache.datasketches.quantilescommon.QuantileSearchCriteria;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.jspecify.annotations.Nullable;

/** Runs the pass over the rows and turns what it kept into a {@link Profile}. */
final class ProfileJob {
    /** Each task's sketches come to the driver: some MB each. */
    private static final int MAX_TASKS = 64;

    private static final long MAX_UNIT_BINS = 50;

    private final Dataset<Row> table;
    private final ProfileOptions options;
    private final StructField[] fields;

    ProfileJob(Dataset<Row> table, ProfileOptions options) {
        this.table = table;
        this.options = options;
        this.fields = table.schema().fields();
    }

    Profile run() {
        List<Boolean> numeric = Arrays.stream(fields)
                .map(field -> field.dataType() instanceof NumericType)
                .toList();
        Plan plan = new Plan(
                numeric,
                options.groupBy().map(this::indexOf).orElse(-1),
                options.head(),
                options.correlations(),
                options.duplicates());
        TableSketch sketch = collect(plan);
        if (sketch.tooManyGroups) {
            throw ArclightException.badInput("Column %s has more than %d values: a profile by group needs fewer"
                    .formatted(options.groupBy().orElseThrow(), TableSketch.MAX_GROUPS));
        }
        List<ColumnProfile> columns = new ArrayList<>();
        for (int c = 0; c < fields.length; c++) {
            columns.add(column(fields[c], sketch.columns[c]));
        }
        List<GroupProfile> groups = new ArrayList<>();
        sketch.groups.forEach((value, group) -> groups.add(group(value, group)));
        return new Profile(sketch.rows, duplicates(sketch), columns, groups, correlations(sketch), sketch.head);
    }

    private TableSketch collect(Plan plan) {
        JavaRDD<Row> rows = table.toJavaRDD();
        if (rows.getNumPartitions() > MAX_TASKS) {
            rows = rows.coalesce(MAX_TASKS);
        }
        List<byte[]> parts = rows.mapPartitions(part -> {
                    TableSketch sketch = new TableSketch(plan);
                    part.forEachRemaining(sketch::add);
                    return List.of(sketch.toBytes()).iterator();
                })
                .collect();
        TableSketch all = new TableSketch(plan);
        for (byte[] part : parts) {
            all.merge(TableSketch.fromBytes(plan, part));
        }
        return all;
    }

    private int indexOf(String column) {
        for (int c = 0; c < fields.length; c++) {
            if (fields[c].name().equals(column)) {
                return c;
            }
        }
        throw ArclightException.badInput(
                "There is no column %s to group by; there are %s".formatted(column, Arrays.toString(table.columns())));
    }

    private OptionalLong duplicates(TableSketch sketch) {
        if (!options.duplicates()) {
            return OptionalLong.empty();
        }
        long different = sketch.tooManyHashes ? table.distinct().count() : sketch.differentRows();
        return OptionalLong.of(sketch.rows - different);
    }

    private Optional<Correlations> correlations(TableSketch sketch) {
        int[] numbers = sketch.numbers();
        if (!options.correlations() || numbers.length < 2) {
            return Optional.empty();
        }
        List<List<Double>> matrix = new ArrayList<>();
        for (int a = 0; a < numbers.length; a++) {
            List<Double> row = new ArrayList<>();
            for (int b = 0; b < numbers.length; b++) {
                row.add(sketch.correlations.correlation(a, b));
            }
            matrix.add(row);
        }
        return Optional.of(new Correlations(
                Arrays.stream(numbers).mapToObj(c -> fields[c].name()).toList(), matrix));
    }

    private ColumnProfile column(StructField field, ColumnSketch sketch) {
        List<ValueCount> top = new ArrayList<>();
        boolean exact;
        if (sketch.numeric) {
            exact = top(sketch.frequentNumbers, top, bits -> text(Double.longBitsToDouble(bits), field.dataType()));
        } else {
            exact = top(sketch.frequentTexts, top, text -> text);
        }
        boolean numbers = sketch.numeric && sketch.count > 0;
        return new ColumnProfile(
                field.name(),
                field.dataType().catalogString(),
                sketch.nulls,
                sketch.notFinite,
                sketch.distinctValues(),
                numbers
                        ? Optional.of(text(sketch.values.getMinItem(), field.dataType()))
                        : Optional.ofNullable(sketch.smallest),
                numbers
                        ? Optional.of(text(sketch.values.getMaxItem(), field.dataType()))
                        : Optional.ofNullable(sketch.largest),
                top,
                exact,
                numbers ? Optional.of(numbers(field, sketch)) : Optional.empty());
    }

    private <T> boolean top(
            ItemsSketch<T> frequent, List<ValueCount> into, java.util.function.Function<T, String> text) {
        List<ItemsSketch.Row<T>> rows =
                new ArrayList<>(Arrays.asList(frequent.getFrequentItems(ErrorType.NO_FALSE_NEGATIVES)));
        rows.sort((a, b) -> a.getEstimate() != b.getEstimate()
                ? Long.compare(b.getEstimate(), a.getEstimate())
                : text.apply(a.getItem()).compareTo(text.apply(b.getItem())));
        for (ItemsSketch.Row<T> row : rows.subList(0, Math.min(options.top(), rows.size()))) {
            into.add(new ValueCount(text.apply(row.getItem()), row.getEstimate()));
        }
        return frequent.getMaximumError() == 0;
    }

    private static String text(double value, DataType type) {
        if (!Double.isFinite(value) || type instanceof DoubleType || type instanceof FloatType) {
            return Double.toString(value);
        }
        BigDecimal decimal = BigDecimal.valueOf(value);
        return type instanceof DecimalType d
                ? decimal.setScale(d.scale(), java.math.RoundingMode.HALF_UP).toPlainString()
                : decimal.setScale(0, java.math.RoundingMode.HALF_UP).toPlainString();
    }

    private NumberProfile numbers(StructField field, ColumnSketch sketch) {
        double deviation = sketch.count < 2 ? Double.NaN : Math.sqrt(sketch.squares / (sketch.count - 1));
        return new NumberProfile(
                sketch.mean, deviation, quantiles(sketch.values), histogram(field.dataType(), sketch.values));
    }

    private static Quantiles quantiles(KllDoublesSketch sketch) {
        double[] inner = sketch.getQuantiles(new double[] {0.25, 0.5, 0.75}, QuantileSearchCriteria.INCLUSIVE);
        double error = sketch.isEstimationMode() ? KllSketch.getNormalizedRankError(sketch.getK(), false) : 0;
        return new Quantiles(sketch.getMinItem(), inner[0], inner[1], inner[2], sketch.getMaxItem(), error);
    }

    private Histogram histogram(DataType type, KllDoublesSketch sketch) {
        double[] edges = edges(type, sketch.getMinItem(), sketch.getMaxItem());
        double[] masses = edges.length == 2
                ? new double[] {1}
                : sketch.getPMF(Arrays.copyOfRange(edges, 1, edges.length - 1), QuantileSearchCriteria.EXCLUSIVE);
        List<Double> counts = new ArrayList<>();
        for (double mass : masses) {
            double count = mass * sketch.getN();
            counts.add(sketch.isEstimationMode() ? count : Math.rint(count)); // exact but for the division by n
        }
        return new Histogram(Arrays.stream(edges).boxed().toList(), counts);
    }

    /** Whole numbers over a short range get a bin each, around the number. */
    private double[] edges(DataType type, double min, double max) {
        boolean whole = !(type instanceof DoubleType || type instanceof FloatType || type instanceof DecimalType);
        boolean units = min == max || (whole && max - min < MAX_UNIT_BINS);
        int bins = units ? (int) (max - min) + 1 : options.bins();
        double from = units ? min - 0.5 : min;
        double width = units ? 1 : max / bins - min / bins;
        double[] edges = new double[bins + 1];
        for (int i = 0; i <= bins; i++) {
            edges[i] = from + i * width;
            if (i > 0 && !(edges[i] > edges[i - 1])) { // a range of a few units in the last place
                return new double[] {min, max};
            }
        }
        if (!units) {
            edges[bins] = max;
        }
        return edges;
    }

    private GroupProfile group(String value, TableSketch.Group group) {
        Map<String, Quantiles> columns = new LinkedHashMap<>();
        for (int c = 0; c < fields.length; c++) {
            @Nullable KllDoublesSketch sketch = group.columns[c];
            if (sketch != null) {
                columns.put(fields[c].name(), quantiles(sketch));
            }
        }
        return new GroupProfile(value, group.rows, columns);
    }
}
