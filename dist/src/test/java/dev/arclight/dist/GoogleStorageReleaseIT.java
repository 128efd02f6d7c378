package dev.arclight.dist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.testing.FakeGcs;
import dev.arclight.testing.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The add-on as a user installs it, then files and the taxi report on {@code gs://}, as on this disk. */
@Tag("full")
final class GoogleStorageReleaseIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @TempDir
    Path folder;

    private Launcher arclight() {
        return Launcher.ofThisBuild()
                .with(Map.of(
                        "XDG_DATA_HOME",
                        folder.resolve("home").toString(),
                        // Hadoop's settings for all commands, as on Dataproc's machines.
                        "ARCLIGHT_NO_ARCHIVE",
                        "1",
                        "ARCLIGHT_JVM_FLAGS",
                        "-Xbootclasspath/a:" + folder.resolve("hadoop")));
    }

    @Test
    void filesAndTheTaxiReportAreOnABucketWhatTheyAreHere() throws IOException {
        try (FakeGcs gcs = FakeGcs.start("lake")) {
            settings(gcs);
            Processes.Finished without = arclight().run(PATIENCE, "fs", "ls", "gs://lake/");
            assertThat(without.exitCode()).isEqualTo(1);
            assertThat(without.errors()).contains("run 'arclight install google'");
            assertThat(arclight().output(PATIENCE, "install", "google")).contains("Installed google");

            Path raw = folder.resolve("raw");
            arclight()
                    .output(
                            PATIENCE,
                            "data",
                            "taxi",
                            "--months",
                            "2021-01",
                            "--service",
                            "green",
                            "--rows",
                            2_000,
                            "--out",
                            raw);
            Path trips = folder.resolve("trips");
            Path csv = raw.resolve("green_tripdata_2021-01.csv");
            arclight().output(PATIENCE, "taxi", "convert", "--service", "green", "--output", trips, "--input", csv);
            arclight().output(PATIENCE, "fs", "cp", "-r", trips, "gs://lake/trips");
            assertThat(arclight().output(PATIENCE, "fs", "ls", "-r", "gs://lake/trips"))
                    .contains("gs://lake/trips/")
                    .contains(".parquet");
            String here = report(trips.toString(), folder.resolve("report").toString());
            assertThat(here.lines()).hasSizeGreaterThan(10);
            assertThat(report("gs://lake/trips", "gs://lake/report")).isEqualTo(here);
        }
    }

    private String report(String trips, String output) {
        arclight().output(PATIENCE, "taxi", "report", "--input_green", trips, "--output", output);
        return arclight()
                .output(
                        PATIENCE,
                        "sql",
                        "SELECT * FROM t ORDER BY revenue_zone, revenue_month, service_type",
                        "--table",
                        "t=" + output,
                        "--format",
                        "csv");
    }

    private void settings(FakeGcs gcs) throws IOException {
        StringBuilder xml = new StringBuilder("<configuration>");
        gcs.settings()
                .forEach((name, value) ->
                        xml.append("<property><name>%s</name><value>%s</value></property>".formatted(name, value)));
        Path hadoop = Files.createDirectories(folder.resolve("hadoop"));
        Files.writeString(hadoop.resolve("core-site.xml"), xml.append("</configuration>"));
    }
}
