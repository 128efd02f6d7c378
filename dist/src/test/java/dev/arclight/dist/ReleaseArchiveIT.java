package dev.arclight.dist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.testing.Needs;
import dev.arclight.testing.Processes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The release archive, unpacked where there is no source tree and no Maven. */
@Tag("full")
final class ReleaseArchiveIT {
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    @TempDir
    private Path folder;

    @Test
    void runsTheDemoWithoutBuilding() throws Exception {
        Path archive = Needs.root().resolve("dist/target/arclight-0.1.0-SNAPSHOT.tar.gz");
        assertThat(archive).exists();
        Path unpacked = Files.createDirectory(folder.resolve("with a space"));
        Processes.run(PATIENCE, Map.of(), List.of("tar", "-xzf", archive.toString(), "-C", unpacked.toString()));
        Path home = unpacked.resolve("arclight-0.1.0-SNAPSHOT");
        try (Stream<Path> files = Files.list(home)) {
            assertThat(files.map(f -> f.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "LICENSE",
                            "NOTICE",
                            "RELEASE",
                            "bin",
                            "java.options",
                            "lib",
                            "server.jars",
                            "server.options");
        }
        // A PATH without Maven; not in the temporary folder, whose deletion warns of each link.
        Path bin = Files.createTempDirectory(Needs.root().resolve("dist/target"), "programs");
        for (String program : List.of(
                "bash",
                "sed",
                "dirname",
                "readlink",
                "uname",
                "cksum",
                "cut",
                "cat",
                "ls",
                "tr",
                "grep",
                "mkdir",
                "rm",
                "mv",
                "id",
                "find",
                "head",
                "chmod")) {
            Files.createSymbolicLink(bin.resolve(program), Needs.program(program));
        }
        Map<String, String> environment = Map.of(
                "PATH", bin.toString(),
                "JAVA_HOME", System.getProperty("java.home"),
                "XDG_CACHE_HOME", folder.resolve("cache").toString());
        String arclight = home.resolve("bin/arclight").toString();
        assertThat(Processes.run(PATIENCE, environment, List.of(arclight, "version")))
                .startsWith("arclight 0.1.0-SNAPSHOT");
        Path out = folder.resolve("out");
        Processes.Finished demo = Processes.finish(
                PATIENCE, environment, List.of(arclight, "demo", "wine", "--evals", "1", "--out", out.toString()));
        assertThat(demo.exitCode()).as(demo.errors()).isZero();
        assertThat(demo.errors()).doesNotContain("building");
        assertThat(out.resolve("report.html")).exists();
    }
}
