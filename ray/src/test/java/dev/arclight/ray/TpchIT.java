package dev.arclight.ray;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.engine.Arclight;
import dev.arclight.testing.RayCluster;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TPC-H gives the same rows on {@code ray} as on {@code local[2]}. All money is decimal, so equal means equal. */
@Tag("full")
final class TpchIT {
    @Test
    void fewQueriesOfASmallScaleAgree(@TempDir Path folder) {
        agree(folder, 0.002, Set.of("q1", "q5", "q18"));
    }

    @Test
    void all22QueriesOfScale01Agree(@TempDir Path folder) {
        agree(folder, 0.1, queries().keySet());
    }

    private static void agree(Path folder, double scale, Set<String> names) {
        Map<String, List<Row>> expected;
        try (Arclight local = Arclight.builder("tpch").master("local[2]").start()) {
            TpchTables.write(local.spark(), folder, scale);
            expected = answers(local.spark(), folder, names);
        }
        assertThat(expected.get(names.iterator().next())).isNotEmpty();
        try (RayCluster cluster = RayCluster.start("ray-newest", 2);
                Arclight ray = RayTests.session(
                        cluster, Map.of("spark.executor.instances", "2", "spark.executor.memory", "1g"))) {
            Map<String, List<Row>> actual = answers(ray.spark(), folder, names);
            names.forEach(name -> assertThat(actual.get(name)).as(name).isEqualTo(expected.get(name)));
        }
    }

    private static Map<String, List<Row>> answers(SparkSession spark, Path folder, Set<String> names) {
        TpchTables.views(spark, folder);
        Map<String, List<Row>> answers = new LinkedHashMap<>();
        queries().forEach((name, query) -> {
            if (names.contains(name)) {
                answers.put(name, spark.sql(query).collectAsList());
            }
        });
        return answers;
    }

    private static Map<String, String> queries() {
        Map<String, String> queries = new LinkedHashMap<>();
        try (InputStream in = TpchIT.class.getResourceAsStream("/tpch/queries.sql")) {
            String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
            for (String part : text.split("(?m)^-- (?=q\\d+$)", -1)) {
                int end = part.indexOf('\n');
                if (part.startsWith("q")) {
                    queries.put(part.substring(0, end).strip(), part.substring(end));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return queries;
    }
}
