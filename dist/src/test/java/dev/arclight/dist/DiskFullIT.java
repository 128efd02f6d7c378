package dev.arclight.dist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.testing.Needs;
import dev.arclight.testing.Processes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The demo on a disk that fills up: a small file system of its own, in a mount name space that ends with the test. */
@Tag("full")
final class DiskFullIT {
    /** Makes the disk, puts old output on it, runs the demo, makes room, runs it again; says what it saw. */
    private static final String SCRIPT = """
            mount -t tmpfs -o size="$2" tmpfs "$1" || exit 77
            echo old >"$1/summary.json"
            "$3" demo wine --out "$1" --evals 3
            echo "exit=$? summary=$(cat "$1/summary.json") staged=$(ls -A "$1" | grep -c '^[.]staging')"
            mount -o remount,size=200m "$1" || exit 78
            "$3" demo wine --out "$1" --evals 1 2>/dev/null >/dev/null
            echo "again=$? summary=$(head -c 1 "$1/summary.json")"
            """;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"300k", "1700k", "2500k"})
    void isOneSentenceAndLeavesTheOldOutput(String size) throws Exception {
        Needs.program("unshare");
        Path disk = Files.createDirectory(folder.resolve("disk"));
        Processes.Finished finished = Processes.finish(
                Duration.ofMinutes(4),
                Map.of(),
                List.of(
                        "unshare",
                        "-Urm",
                        "bash",
                        "-c",
                        SCRIPT,
                        "disk-full",
                        disk.toString(),
                        size,
                        Launcher.path().toString()));
        if (finished.exitCode() == 77 || finished.errors().startsWith("unshare:")) {
            throw Needs.missing("the right to mount a file system in a name space of its own");
        }
        assertThat(finished.output()).contains("exit=1 summary=old staged=0", "again=0 summary={");
        List<String> failures = finished.errors()
                .lines()
                .filter(line -> line.startsWith("arclight: "))
                .toList();
        assertThat(failures).as(finished.errors()).hasSize(1);
        assertThat(failures.get(0)).contains("disk is full");
        assertThat(finished.errors()).doesNotContain("\tat ");
    }
}
