package dev.arclight.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.arclight.testing.Needs;
import dev.arclight.testing.PythonEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LocalSpark.class)
final class SplitIT {
    private static final Split SPLIT = Split.of(42).parts(0.6, 0.2, 0.2);

    @TempDir
    Path folder;

    private static Dataset<Row> wine(SparkSession spark) {
        return WineDeclaration.table().read(spark, Needs.data("wine"));
    }

    private static Map<String, Integer> assignment(Dataset<Row> rows) {
        Map<String, Integer> parts = new HashMap<>();
        String[] sorted = rows.columns().clone();
        Arrays.sort(sorted);
        Dataset<Row> assigned = SPLIT.assign(rows, "part");
        for (Row row : assigned.collectAsList()) {
            String key = Arrays.stream(sorted)
                    .map(c -> row.get(row.fieldIndex(c)).toString())
                    .collect(Collectors.joining(";"));
            Integer other = parts.put(key, row.<Integer>getAs("part"));
            assertThat(other == null || other.equals(row.<Integer>getAs("part")))
                    .as("equal rows share a part: %s", key)
                    .isTrue();
        }
        return parts;
    }

    @Test
    void theAssignmentDependsOnNothingButContentAndSeed(SparkSession spark) {
        Dataset<Row> rows = wine(spark);
        Map<String, Integer> parts = assignment(rows);
        assertThat(assignment(rows.repartition(7))).isEqualTo(parts);
        assertThat(assignment(rows.orderBy(functions.rand(3)).coalesce(1))).isEqualTo(parts);
        Dataset<Row> turned = rows.select("quality", "alcohol", "is_red").dropDuplicates();
        assertThat(assignment(turned.select("is_red", "quality", "alcohol"))).isEqualTo(assignment(turned));
        long moved = Split.of(43)
                .parts(0.6, 0.2, 0.2)
                .assign(SPLIT.assign(rows, "one"), "two")
                .filter("one <> two")
                .count();
        assertThat(moved).isGreaterThan(3_000); // another seed is another split
    }

    @Test
    void thePartsAreDisjointTogetherAllAndOfTheSizesAskedFor(SparkSession spark) {
        Dataset<Row> rows = wine(spark);
        List<Dataset<Row>> parts = SPLIT.apply(rows);
        assertThat(parts.stream().mapToLong(Dataset::count).sum()).isEqualTo(rows.count());
        double[] expected = {0.6, 0.2, 0.2};
        Dataset<Row> many = spark.range(200_000)
                .toDF()
                .withColumn("half", functions.col("id").divide(2));
        List<Row> counts = SPLIT.assign(many, "part")
                .groupBy("part")
                .count()
                .orderBy("part")
                .collectAsList();
        for (int p = 0; p < 3; p++) { // five standard deviations of a binomial share
            double deviation = Math.sqrt(expected[p] * (1 - expected[p]) / 200_000);
            assertThat(counts.get(p).getLong(1) / 200_000.0).isCloseTo(expected[p], within(5 * deviation));
        }
    }

    @Test
    void anotherProgramCanRepeatTheSplit(SparkSession spark) throws IOException {
        PythonEnvironment python = PythonEnvironment.open("tables");
        Dataset<Row> rows = spark.sql("SELECT * FROM VALUES (1, 2.5D, 'a'), (-7, -0.0D, 'ünïcode'), (0, 0.0D, ''),"
                + " (2, CAST(null AS DOUBLE), 'z'), (null, 1e300D, null), (3, 0.1D, 'long text of more than thirty-two"
                + " bytes') AS t(whole, Real, text)");
        Path script = Files.writeString(folder.resolve("split.py"), """
                import json, struct, sys
                import xxhash
                def part(row, seed, fractions):
                    h = 42
                    for cell in [seed] + [row[k] for k in sorted(row)]:
                        if cell is None:
                            continue
                        if isinstance(cell, str):
                            b = cell.encode()
                        elif cell is seed:
                            b = struct.pack('<q', cell)
                        else:
                            b = struct.pack('<d', float(cell) + 0.0)
                        h = xxhash.xxh64_intdigest(b, seed=h)
                    x, upper = (h >> 11) * 2.0 ** -53, 0.0
                    for i, f in enumerate(fractions):
                        upper += f
                        if x < upper:
                            return i
                    return len(fractions) - 1
                print([part(json.loads(line), 421234, [0.3, 0.3, 0.4]) for line in open(sys.argv[1])])
                """);
        List<String> lines = rows.toJSON().collectAsList();
        Path table = Files.write(folder.resolve("rows.jsonl"), withNulls(rows, lines));
        List<Integer> ours = Split.of(421234).parts(0.3, 0.3, 0.4).assign(rows, "part").collectAsList().stream()
                .map(r -> r.<Integer>getAs("part"))
                .toList();
        assertThat(python.run(Duration.ofSeconds(30), script, table).strip()).isEqualTo(ours.toString());
        assertThat(ours).contains(0, 1, 2);
    }

    /** Spark leaves null fields out of JSON; here each row names all of its columns. */
    private static List<String> withNulls(Dataset<Row> rows, List<String> lines) {
        return lines.stream()
                .map(line -> {
                    String whole = line;
                    for (String column : rows.columns()) {
                        if (!line.contains("\"" + column + "\":")) {
                            whole = whole.substring(0, whole.length() - 1) + ",\"" + column + "\":null}";
                        }
                    }
                    return whole;
                })
                .toList();
    }

    @Test
    void partsThatAreNoSharesAreRefused() {
        assertThatThrownBy(() -> Split.of(1).parts(0.5, 0.6)).hasMessageContaining("[0.5, 0.6]");
        assertThatThrownBy(() -> Split.of(1).parts(1.0, 0.0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Split.of(1).parts(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    }
}
