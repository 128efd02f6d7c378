package dev.arclight.dist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.testing.PythonEnvironment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same release, the same files, and the answer of one JVM, with executors elsewhere: real processes, no stand-ins.
 */
@Tag("full")
final class TaxiEnginesIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @TempDir
    Path folder;

    @Test
    void tripsAndRevenueAreTheSameOnLocalStandaloneAndRay() {
        Path python = PythonEnvironment.open("ray-newest").python();
        Launcher arclight = Launcher.ofThisBuild()
                .with(Map.of(
                        "VIRTUAL_ENV",
                        python.resolve("../..").normalize().toString(),
                        "XDG_STATE_HOME",
                        folder.resolve("state").toString()));
        Path data = folder.resolve("data");
        arclight.output(
                PATIENCE,
                "data",
                "taxi",
                "--months",
                "2020-01..2020-02",
                "--service",
                "yellow",
                "--rows",
                20_000,
                "--out",
                data);
        String started = arclight.output(PATIENCE, "cluster", "start", "--workers", 2, "--cores", 1, "--memory", 1_024);
        Map<String, String> answers = new LinkedHashMap<>();
        try {
            String standalone = started.lines()
                    .filter(line -> line.startsWith("Use: --master "))
                    .map(line -> line.substring("Use: --master ".length()))
                    .findFirst()
                    .orElseThrow();
            answers.put("local[2]", answer(arclight, data, "local[2]"));
            answers.put(standalone, answer(arclight, data, standalone, "--conf", "spark.executor.memory=512m"));
            answers.put("ray:local", answer(arclight, data, "ray:local", "--conf", "spark.executor.instances=1"));
        } finally {
            arclight.output(PATIENCE, "cluster", "stop");
        }
        assertThat(answers.get("local[2]").lines().count()).isGreaterThan(200);
        assertThat(answers.values()).as("%s", answers).containsOnly(answers.get("local[2]"));
    }

    private String answer(Launcher arclight, Path data, String master, String... conf) {
        Path out = folder.resolve(master.replaceAll("\\W+", "-"));
        Path trips = out.resolve("trips");
        Path report = out.resolve("report");
        String said = arclight.output(
                PATIENCE,
                with(
                        conf,
                        "taxi",
                        "convert",
                        "--service",
                        "yellow",
                        "--input",
                        data.resolve("yellow*.csv"),
                        "--output",
                        trips,
                        "--master",
                        master));
        arclight.output(
                PATIENCE,
                with(conf, "taxi", "report", "--input_yellow", trips, "--output", report, "--master", master));
        return said.lines().findFirst().orElseThrow()
                + arclight.output(
                        PATIENCE,
                        "sql",
                        "SELECT * FROM r ORDER BY 1, 2, 3",
                        "--table",
                        "r=" + report,
                        "--format",
                        "csv");
    }

    private static Object[] with(String[] conf, Object... arguments) {
        return Stream.concat(Stream.of(arguments), List.of(conf).stream()).toArray();
    }
}
