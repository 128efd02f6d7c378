package dev.arclight.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AtomicFilesTest {
    @TempDir
    Path folder;

    @Test
    void aFailedWriteLeavesTheOldFileAndNothingElse() throws IOException {
        Path target = folder.resolve("a/b.txt");
        AtomicFiles.write(target, "old");
        assertThatThrownBy(() -> AtomicFiles.write(target, out -> {
                    out.write("half".getBytes(StandardCharsets.UTF_8));
                    throw new IOException("disk gone");
                }))
                .hasMessage("disk gone");
        assertThat(target).hasContent("old");
        assertThat(names(folder.resolve("a"))).containsExactly("b.txt");
    }

    @Test
    void aFailedReplacementLeavesTheOldDirectoryAndNothingElse() throws IOException {
        Path target = folder.resolve("model");
        AtomicFiles.replaceDirectory(target, dir -> Files.writeString(dir.resolve("version"), "1"));
        assertThatThrownBy(() -> AtomicFiles.replaceDirectory(target, dir -> {
                    Files.writeString(dir.resolve("version"), "2");
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");
        assertThat(target.resolve("version")).hasContent("1");
        AtomicFiles.replaceDirectory(target, dir -> Files.writeString(dir.resolve("other"), "3"));
        assertThat(names(target)).containsExactly("other");
        assertThat(names(folder)).containsExactly("model");
    }

    @Test
    void deletingATreeDoesNotFollowLinks() throws IOException {
        Path kept = Files.createDirectories(folder.resolve("kept"));
        Files.writeString(kept.resolve("file"), "x");
        Path tree = Files.createDirectories(folder.resolve("tree/deep"));
        Files.createSymbolicLink(tree.resolve("link"), kept);
        AtomicFiles.deleteTree(folder.resolve("tree"));
        assertThat(names(folder)).containsExactly("kept");
        assertThat(kept.resolve("file")).hasContent("x");
    }

    private static Stream<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList().stream();
        }
    }
}
