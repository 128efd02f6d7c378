package dev.arclight.dist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.testing.Needs;
import dev.arclight.testing.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The demo, and a conversion of trips, on a disk that fills up: a small file system of its own, in a mount name space
 * that ends with the test.
 */
@Tag("full")
final class DiskFullIT {
    /** Makes the disk, puts old output on it, runs the demo, makes room, runs it again; says what it saw. */
    private static final String SCRIPT = """
            mount -t tmpfs -o size="$2" tmpfs "$1" || exit 77
            : >"$1/.lock"
            echo old >"$1/summary.json"
            "$3" demo wine --out "$1" --evals 3
            echo "exit=$? summary=$(cat "$1/summary.json") staged=$(ls -A "$1" | grep -c '^[.]staging')"
            mount -o remount,size=200m "$1" || exit 78
            "$3" demo wine --out "$1" --evals 1 2>/dev/null >/dev/null
            echo "again=$? summary=$(head -c 1 "$1/summary.json")"
            """;

    /** Makes trips, converts January, then all months, for which there is no room; makes room; converts all again. */
    private static final String CONVERT = """
            mount -t tmpfs -o size="$2" tmpfs "$1" || exit 77
            "$3" data taxi --months 2019-01..2019-03 --service yellow --rows 300000 --out "$4" >/dev/null 2>&1 || exit 78
            convert() { "$3" taxi convert --service yellow --output "$1/table" --input "${@:5}"; }
            months() { (cd "$1/table" && find year=2019 _quality -type f | sort | xargs cat | cksum); }
            convert "$@" "$4/yellow_tripdata_2019-01.csv" >/dev/null 2>&1 || exit 79
            before=$(months "$1")
            convert "$@" "$4"/yellow_tripdata_2019-0*.csv
            echo "exit=$? staged=$(ls -A "$1/table" | grep -c '^[.]staging')"
            [ "$before" = "$(months "$1")" ] && echo "the old month is as it was"
            mount -o remount,size=400m "$1" || exit 80
            convert "$@" "$4"/yellow_tripdata_2019-0*.csv 2>/dev/null
            """;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"300k", "1700k", "2500k"})
    void isOneSentenceAndLeavesTheOldOutput(String size) throws Exception {
        Processes.Finished finished = onASmallDisk(SCRIPT, size);
        assertThat(finished.output()).contains("exit=1 summary=old staged=0", "again=0 summary={");
        assertThatTheDiskWasSaidToBeFull(finished);
    }

    @Test
    void aConversionLeavesTheOldMonth() throws Exception {
        Processes.Finished finished =
                onASmallDisk(CONVERT, "6m", folder.resolve("data").toString());
        assertThat(finished.output())
                .as(finished.errors())
                .contains("exit=1 staged=0", "the old month is as it was", "Months: 2019-01, 2019-02, 2019-03");
        assertThatTheDiskWasSaidToBeFull(finished);
    }

    /** Runs a script whose arguments are a folder to mount the disk at, its size, the launcher, and {@code more}. */
    private Processes.Finished onASmallDisk(String script, String size, String... more) throws IOException {
        Needs.program("unshare");
        Path disk = Files.createDirectory(folder.resolve("disk"));
        List<String> command = new ArrayList<>(List.of("unshare", "-Urm", "bash", "-c", script, "disk-full"));
        command.addAll(List.of(disk.toString(), size, Launcher.path().toString()));
        command.addAll(List.of(more));
        Processes.Finished finished = Processes.finish(Duration.ofMinutes(4), Map.of(), command);
        if (finished.exitCode() == 77 || finished.errors().startsWith("unshare:")) {
            throw Needs.missing("the right to mount a file system in a name space of its own");
        }
        return finished;
    }

    private static void assertThatTheDiskWasSaidToBeFull(Processes.Finished finished) {
        List<String> failures = finished.errors()
                .lines()
                .filter(line -> line.startsWith("arclight: "))
                .toList();
        assertThat(failures).as(finished.errors()).hasSize(1);
        assertThat(failures.get(0)).contains("disk is full");
        assertThat(finished.errors()).doesNotContain("\tat ");
    }
}
