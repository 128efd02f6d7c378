package dev.arclight.track;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.base.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every implementation of {@link Tracking} does with files. */
public abstract class ArtifactsContract extends StoreContract {
    @Test
    void artifactsAreWrittenListedReadAndDeleted() throws IOException {
        Path local = Files.writeString(folder.resolve("ünïcode name.txt"), "from a file");
        Path tree = Files.createDirectories(folder.resolve("tree/sub"));
        Files.writeString(tree.resolve("leaf.txt"), "leaf");
        Run run;
        try (ActiveRun active = tracking().start(RunStart.in(experiment))) {
            active.artifact("charts/a.json", out -> out.write("{}".getBytes(StandardCharsets.UTF_8)));
            active.artifact(local, "files");
            active.artifact(folder.resolve("tree"), "copied");
            run = active.snapshot();
        }
        Artifacts artifacts = tracking().artifacts();
        String root = run.artifactUri();
        assertThat(artifacts.list(root, ""))
                .extracting(ArtifactEntry::path)
                .containsExactly("charts", "copied", "files");
        assertThat(artifacts.list(root, "charts")).containsExactly(new ArtifactEntry("charts/a.json", false, 2));
        assertThat(read(root, "files/ünïcode name.txt")).isEqualTo("from a file");
        assertThat(read(root, "copied/sub/leaf.txt")).isEqualTo("leaf");
        assertThat(artifacts.local(root, "copied").resolve("sub/leaf.txt")).hasContent("leaf");
        assertThat(tracking().resolve("runs:/" + run.id() + "/charts/a.json")).hasContent("{}");
        Path seen = artifacts.withLocal(root, "copied", files -> {
            assertThat(files.resolve("sub/leaf.txt")).hasContent("leaf");
            return files;
        });
        assertThat(Files.exists(seen))
                .as("the store's own files stay, a copy is gone")
                .isEqualTo(seen.equals(artifacts.local(root, "copied")));
        artifacts.write(root, "charts/a.json", out -> out.write('x'));
        assertThat(read(root, "charts/a.json")).isEqualTo("x");
        artifacts.delete(root, "charts/a.json");
        assertCode(ErrorCode.NOT_FOUND, () -> artifacts.open(root, "charts/a.json"));
        assertThat(artifacts.list(root, "nothing here")).isEmpty();
    }

    @Test
    void artifactPathsCannotLeaveTheirRoot() {
        String root = tracking().runs().create(RunStart.in(experiment)).artifactUri();
        for (String path : List.of("../x", "a/../../x", "/etc/passwd", "a//b", "./a", "a/..")) {
            assertCode(ErrorCode.BAD_INPUT, () -> tracking().artifacts().write(root, path, out -> out.write(1)));
            assertCode(ErrorCode.BAD_INPUT, () -> tracking().artifacts().open(root, path));
            assertCode(ErrorCode.BAD_INPUT, () -> tracking().artifacts().list(root, path));
            assertCode(ErrorCode.BAD_INPUT, () -> tracking().artifacts().delete(root, path));
        }
    }

    private String read(String root, String path) throws IOException {
        try (InputStream in = tracking().artifacts().open(root, path)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
