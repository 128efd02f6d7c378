package dev.arclight.dist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.testing.Processes;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What goes wrong with a conversion, as its user sees it: one sentence that names the file, an exit code, and the old
 * months as they were.
 */
@Tag("full")
final class TaxiFailuresIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private static Path data;

    /** What converting January, which each test finds done, showed. */
    private static String shown;

    @TempDir
    private Path folder;

    @BeforeAll
    static void generateAndConvertJanuary() {
        Launcher.ofThisBuild()
                .output(
                        PATIENCE,
                        "data",
                        "taxi",
                        "--months",
                        "2019-01..2019-03",
                        "--service",
                        "yellow",
                        "--rows",
                        120_000,
                        "--out",
                        data);
        Processes.Finished january = convertInto(data.resolve("january"), "--input", month(1));
        assertThat(january.exitCode()).as(january.errors()).isZero();
        shown = january.errors();
    }

    @BeforeEach
    void copyJanuary() {
        Processes.run(
                PATIENCE,
                Map.of(),
                List.of(
                        "cp",
                        "-R",
                        data.resolve("january").toString(),
                        folder.resolve("table").toString()));
    }

    private static Processes.Finished convertInto(Path table, Object... more) {
        List<Object> arguments = new ArrayList<>(List.of("taxi", "convert", "--service", "yellow", "--output", table));
        arguments.addAll(List.of(more));
        return Launcher.ofThisBuild().run(PATIENCE, arguments.toArray());
    }

    private Processes.Finished convert(Object... more) {
        return convertInto(folder.resolve("table"), more);
    }

    private static Path month(int month) {
        return data.resolve("yellow_tripdata_2019-%02d.csv".formatted(month));
    }

    private Map<String, Long> table() throws IOException {
        Map<String, Long> content = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder.resolve("table"))) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                content.put(folder.relativize(file).toString(), Files.size(file));
            }
        }
        return content;
    }

    private static void assertOneSentence(Processes.Finished failed, String... parts) {
        assertThat(failed.exitCode()).as(failed.errors()).isNotZero();
        List<String> sentences = failed.errors()
                .lines()
                .filter(line -> line.startsWith("arclight: ") && !line.startsWith("arclight: preparing"))
                .toList();
        assertThat(sentences).as(failed.errors()).hasSize(1);
        assertThat(sentences.get(0)).contains(parts);
        assertThat(failed.errors()).doesNotContain("\tat ").doesNotContain("Caused by");
    }

    @Test
    void whatSparkHasIsShownAndWhileItConvertsBytesAndRowsAre() {
        assertThat(shown)
                .containsPattern("\\d+ threads and [\\d,]+ MB of heap; \\d+ shuffle partitions, adaptive execution on")
                .containsPattern("Convert: done, \\d+ MB in .*; 40,000 rows");
    }

    @Test
    void aBrokenFileIsNamedAndTheOthersAreConvertedIfAsked() throws Exception {
        Map<String, Long> before = table();

        Path gzip = folder.resolve("yellow_tripdata_2019-04.csv.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(gzip))) {
            Files.copy(month(2), out);
        }
        Files.write(gzip, Arrays.copyOf(Files.readAllBytes(gzip), (int) (Files.size(gzip) / 2)));
        Path parquet;
        try (Stream<Path> parts = Files.list(folder.resolve("table/year=2019/month=1"))) {
            parquet = parts.filter(path -> path.toString().endsWith(".parquet"))
                    .findFirst()
                    .orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(parquet);
        Arrays.fill(bytes, bytes.length / 4, bytes.length / 2, (byte) 7); // its pages; the footer stays
        Path corrupt = Files.write(folder.resolve("yellow_tripdata_2019-05.parquet"), bytes);

        for (Path broken : List.of(gzip, corrupt)) {
            assertOneSentence(convert("--input", month(2), broken), "Cannot read " + broken);
            assertThat(table()).isEqualTo(before);
        }
        Processes.Finished rest = convert("--keep-going", "--input", month(2), gzip, corrupt);
        assertThat(rest.exitCode()).as(rest.errors()).isZero();
        assertThat(rest.errors())
                .contains("left out: Cannot read " + gzip)
                .contains("left out: Cannot read " + corrupt);
        assertThat(rest.output()).contains("Months: 2019-02");
        assertThat(table().keySet()).anyMatch(name -> name.startsWith("table/year=2019/month=2/part-"));
        assertThat(Files.readString(folder.resolve("table/_quality/quality.json")))
                .contains(gzip.toString())
                .contains(corrupt.toString());
    }

    @Test
    void ctrlCLeavesNoPartOfAMonth() throws Exception {
        Map<String, Long> before = table();
        try (RunningDemo running = RunningDemo.command(
                folder,
                List.of(
                        "taxi",
                        "convert",
                        "--service",
                        "yellow",
                        "--output",
                        folder.resolve("table"),
                        "--input",
                        data.resolve("yellow*.csv")))) {
            running.awaitStep("Convert");
            assertThat(running.interrupt()).isEqualTo(130);
            assertThat(running.errors()).contains("interrupted").doesNotContain("\tat ");
        }
        assertThat(table()).isEqualTo(before);
    }

    @Test
    void columnsAndAMasterThatAreNotThereAreNamed() throws Exception {
        Path zones = data.resolve("taxi_zone_lookup.csv");
        assertOneSentence(
                convert("--input", zones), zones.toString(), "pickup_datetime", "fare_amount", "total_amount");
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        String master = "spark://127.0.0.1:" + free;
        assertOneSentence(convert("--input", month(1), "--master", master), "No Spark master listens at " + master);
    }
}
