package dev.arclight.tables.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.arclight.tables.LocalSpark;
import dev.arclight.tables.WineDeclaration;
import dev.arclight.testing.Needs;
import dev.arclight.testing.PythonEnvironment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LocalSpark.class)
final class ProfileIT {
    private static final String PANDAS = """
            import json, sys
            import numpy as np, pandas as pd
            d = []
            for colour in ("red", "white"):
                t = pd.read_csv(f"{sys.argv[1]}/winequality-{colour}.csv", sep=";")
                t["is_red"] = int(colour == "red")
                d.append(t)
            d = pd.concat(d, ignore_index=True)
            d.columns = [c.replace(" ", "_") for c in d.columns]
            d["label"] = (d.quality >= 7).astype(int)
            five = lambda x: [float(v) for v in np.quantile(x, [0, .25, .5, .75, 1], method="inverted_cdf")]
            out = dict(rows=len(d), duplicates=int(d.duplicated().sum()),
                       correlations=d.corr().values.tolist(), columns={}, groups={})
            for c in d:
                x = d[c]
                counts, edges = np.histogram(x, bins=20)
                out["columns"][c] = dict(mean=x.mean(), deviation=x.std(), distinct=x.nunique(), five=five(x),
                    histogram=counts.tolist(), edges=edges.tolist(), top=int(x.value_counts().iloc[0]))
            for g, t in d.groupby("label"):
                out["groups"][str(g)] = dict(rows=len(t), columns={c: five(t[c]) for c in t})
            out["quality"] = d.quality.value_counts().sort_index().tolist()
            print(json.dumps(out))
            """;

    @TempDir
    Path folder;

    private static void assertFive(JsonNode expected, Quantiles ours) {
        assertThat(new double[] {ours.min(), ours.lower(), ours.median(), ours.upper(), ours.max()})
                .containsExactly(
                        expected.get(0).doubleValue(),
                        expected.get(1).doubleValue(),
                        expected.get(2).doubleValue(),
                        expected.get(3).doubleValue(),
                        expected.get(4).doubleValue());
        assertThat(ours.rankError()).isZero();
    }

    @Test
    void theProfileOfTheWineDataIsWhatPandasSays(SparkSession spark) throws Exception {
        Path wine = Needs.data("wine");
        PythonEnvironment python = PythonEnvironment.open("tables");
        Path script = Files.writeString(folder.resolve("profile.py"), PANDAS);
        JsonNode pandas = new ObjectMapper().readTree(python.run(Duration.ofSeconds(60), script, wine));

        Dataset<Row> rows = WineDeclaration.table()
                .read(spark, wine.resolve("winequality-red.csv"), wine.resolve("winequality-white.csv"))
                .selectExpr("*", "IF(quality >= 7, 1, 0) AS label");
        AtomicInteger jobs = new AtomicInteger();
        SparkListener counter = new SparkListener() {
            @Override
            public void onJobStart(SparkListenerJobStart start) {
                jobs.incrementAndGet();
            }
        };
        spark.sparkContext().addSparkListener(counter);
        Profile profile;
        try {
            profile = Profile.of(rows, ProfileOptions.defaults().withGroupBy("label"));
            spark.sparkContext().listenerBus().waitUntilEmpty(10_000);
        } finally {
            spark.sparkContext().removeSparkListener(counter);
        }
        assertThat(jobs).hasValue(1);
        assertThat(profile.rows()).isEqualTo(pandas.get("rows").longValue()).isEqualTo(6_497);
        assertThat(profile.duplicates()).hasValue(pandas.get("duplicates").longValue());
        assertThat(profile.columns()).hasSize(14);
        for (ColumnProfile column : profile.columns()) {
            JsonNode expected = pandas.get("columns").get(column.name());
            NumberProfile numbers = column.numbers().orElseThrow();
            // Two orders of summing 6,497 numbers differ in the last places only.
            double mean = expected.get("mean").doubleValue();
            assertThat(numbers.mean()).isCloseTo(mean, within(1e-12 * Math.abs(mean)));
            double deviation = expected.get("deviation").doubleValue();
            assertThat(numbers.deviation()).isCloseTo(deviation, within(1e-10 * deviation));
            assertThat(column.distinct()).isEqualTo(expected.get("distinct").longValue());
            assertThat(column.topExact()).as(column.name()).isEqualTo(column.distinct() <= 768);
            if (column.topExact()) {
                assertThat(column.top().get(0).rows())
                        .isEqualTo(expected.get("top").longValue());
            }
            assertFive(expected.get("five"), numbers.quantiles());
            if (column.type().equals("double")) {
                assertHistogram(expected, numbers.histogram());
            }
        }
        assertThat(profile.column("quality").numbers().orElseThrow().histogram().counts())
                .containsExactlyElementsOf(new ObjectMapper()
                        .convertValue(
                                pandas.get("quality"),
                                new com.fasterxml.jackson.core.type.TypeReference<List<Double>>() {}));
        List<List<Double>> matrix = profile.correlations().orElseThrow().matrix();
        for (int a = 0; a < 14; a++) {
            for (int b = 0; b < 14; b++) {
                assertThat(matrix.get(a).get(b))
                        .isCloseTo(pandas.get("correlations").get(a).get(b).doubleValue(), within(1e-9));
            }
        }
        assertThat(profile.groups()).hasSize(2);
        for (GroupProfile group : profile.groups()) {
            JsonNode expected = pandas.get("groups").get(group.value());
            assertThat(group.rows()).isEqualTo(expected.get("rows").longValue());
            group.columns()
                    .forEach((name, five) -> assertFive(expected.get("columns").get(name), five));
            assertThat(group.columns()).hasSize(14);
        }
        assertThat(profile.head()).hasSize(5);
        assertThat(profile.head().get(0)).startsWith("7.4", "0.7", "0.0").endsWith("5", "1", "0");
    }

    /** Values within rounding of an edge may fall on either side of it: numpy computes its edges in another way. */
    private static void assertHistogram(JsonNode expected, Histogram ours) {
        long total = 0;
        long off = 0;
        for (int b = 0; b < 20; b++) {
            double edge = expected.get("edges").get(b).doubleValue();
            assertThat(ours.edges().get(b)).isCloseTo(edge, within(1e-9 * Math.max(1, Math.abs(edge))));
            total += ours.counts().get(b).longValue();
            off += Math.abs(ours.counts().get(b).longValue()
                    - expected.get("histogram").get(b).longValue());
        }
        assertThat(total).isEqualTo(6_497);
        assertThat(off).isLessThan(700);
    }

    @Test
    void partitionsDoNotMatterAndGapsAreCounted(SparkSession spark) {
        Dataset<Row> rows = spark.sql("SELECT IF(id % 10 = 0, null, CAST(id AS DOUBLE)) AS a,"
                + " IF(id % 7 = 0, double('NaN'), id * id) AS b, CAST(id % 5 AS STRING) AS c,"
                + " IF(id % 4 = 0, null, CAST(id AS DECIMAL(10,2))) AS d FROM range(0, 1000, 1, 8)");
        Profile many = Profile.of(rows, ProfileOptions.defaults().withGroupBy("c"));
        Profile one = Profile.of(rows.coalesce(1), ProfileOptions.defaults().withGroupBy("c"));
        assertThat(many.column("a").nulls()).isEqualTo(100);
        assertThat(many.column("b").notFinite()).isEqualTo(143);
        assertThat(many.column("c").top()).hasSize(5).allMatch(v -> v.rows() == 200);
        assertThat(many.column("c").smallest()).hasValue("0");
        assertThat(many.column("d").largest()).hasValue("999.00");
        assertThat(many.duplicates()).hasValue(7); // 0, 140, ... 980 are all (null, NaN, 0, null)
        assertThat(many.duplicates()).hasValue(1_000 - rows.distinct().count());
        assertThat(many.groups()).isEqualTo(one.groups());
        assertThat(many.head()).isEqualTo(one.head());
        List<List<Double>> matrix = many.correlations().orElseThrow().matrix();
        assertThat(matrix.get(0).get(1)).isCloseTo(pairwise(rows, "a", "b"), within(1e-12));
        assertThat(matrix.get(0).get(2)).isCloseTo(1, within(1e-12)); // a and d are equal where both are
    }

    private static double pairwise(Dataset<Row> rows, String a, String b) {
        return rows.filter(a + " IS NOT NULL AND NOT isnan(" + b + ")").stat().corr(a, b);
    }

    @Test
    void aLargeTableIsProfiledWithinTheStatedBounds(SparkSession spark) {
        Dataset<Row> rows = spark.range(0, 500_000, 1, 4).selectExpr("CAST(id AS DOUBLE) AS x", "id % 250000 AS y");
        Profile profile = Profile.of(rows.select("x"), ProfileOptions.defaults());
        Quantiles x = profile.column("x").numbers().orElseThrow().quantiles();
        assertThat(x.rankError()).isPositive().isLessThan(0.0005);
        assertThat(x.median()).isCloseTo(250_000, within(500_000 * x.rankError()));
        assertThat(x.min()).isZero();
        assertThat(x.max()).isEqualTo(499_999);
        assertThat((double) profile.column("x").distinct()).isCloseTo(500_000, within(500_000 * 0.024)); // 3 sigma
        Profile twice = Profile.of(rows.select("y"), ProfileOptions.defaults());
        assertThat(twice.duplicates()).hasValue(250_000); // through the second job
    }

    @Test
    void aGroupingColumnThatDoesNotSuitIsRefused(SparkSession spark) {
        Dataset<Row> rows = spark.range(100).toDF();
        assertThatThrownBy(() -> Profile.of(rows, ProfileOptions.defaults().withGroupBy("id")))
                .hasMessageContaining("more than 20 values");
        assertThatThrownBy(() -> Profile.of(rows, ProfileOptions.defaults().withGroupBy("colour")))
                .hasMessageContaining("There is no column colour")
                .hasMessageContaining("[id]");
    }

    @Test
    void anEmptyTableHasAProfile(SparkSession spark) {
        Profile profile = Profile.of(spark.range(0).toDF(), ProfileOptions.defaults());
        assertThat(profile.rows()).isZero();
        assertThat(profile.duplicates()).hasValue(0);
        assertThat(profile.column("id").numbers()).isEmpty();
    }
}
