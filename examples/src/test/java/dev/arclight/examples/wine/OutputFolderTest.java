package dev.arclight.examples.wine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.base.ArclightException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OutputFolderTest {
    @TempDir
    private Path folder;

    @Test
    void whatIsPublishedReplacesTheOldAndWhatIsNotIsRemoved() throws IOException {
        write(folder, "old");
        try (OutputFolder output = OutputFolder.open(folder)) {
            write(Objects.requireNonNull(output.staged("report").getParent()), "new");
            Files.writeString(output.staged("notes"), "never published");
            assertThat(content(folder)).containsOnly("old");
            output.publish(List.of("batch", "report"));
        }
        assertThat(content(folder)).containsOnly("new");
        assertThat(names(folder)).containsExactlyInAnyOrder(".lock", "batch", "report");
    }

    @Test
    void aRunKilledBeforePublishingLeavesTheOldForTheNext() throws IOException {
        write(folder, "old");
        write(Files.createDirectory(folder.resolve(".staging-killed")), "new");
        OutputFolder.open(folder).close();
        assertThat(content(folder)).containsOnly("old");
        assertThat(names(folder)).containsExactlyInAnyOrder(".lock", "batch", "report");
    }

    @Test
    void aRunKilledAfterAnyOfItsMovesIsFinishedByTheNext() throws IOException {
        for (int moves = 0; moves <= 3; moves++) {
            Path killed = Files.createDirectory(folder.resolve("after-" + moves));
            write(killed, "old");
            Path staging = Files.createDirectory(killed.resolve(".staging-killed"));
            write(staging, "new");
            Files.writeString(staging.resolve("publishing"), "batch\nreport");
            if (moves >= 1) {
                Files.move(killed.resolve("batch"), staging.resolve("old-batch"));
            }
            if (moves >= 2) {
                Files.move(staging.resolve("batch"), killed.resolve("batch"));
            }
            if (moves >= 3) {
                Files.delete(killed.resolve("report"));
                Files.move(staging.resolve("report"), killed.resolve("report"));
            }
            OutputFolder.open(killed).close();
            assertThat(content(killed)).as("killed after %d moves", moves).containsOnly("new");
            assertThat(names(killed)).containsExactlyInAnyOrder(".lock", "batch", "report");
        }
    }

    @Test
    void ofTwoRunsAtATimeTheSecondIsRefused() throws IOException {
        try (OutputFolder first = OutputFolder.open(folder)) {
            assertThatThrownBy(() -> OutputFolder.open(folder))
                    .isInstanceOf(ArclightException.class)
                    .hasMessageContaining("Another run is writing to the output folder " + folder)
                    .hasMessageContaining("--out");
            assertThat(first.staged("x")).doesNotExist();
        }
        OutputFolder.open(folder).close();
    }

    @Test
    void aFolderOfSomebodyElseIsRefusedAndStaysAsItIs() throws IOException {
        Path mine = Files.createDirectories(folder.resolve("data")).resolve("winequality-red.csv");
        Files.writeString(mine, "the real ones");
        Path cache = Files.writeString(folder.resolve(".cache.tmp"), "of another program");
        assertThatThrownBy(() -> OutputFolder.open(folder))
                .isInstanceOf(ArclightException.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining("'data'")
                .hasMessageContaining("--out");
        assertThat(mine).hasContent("the real ones");
        assertThat(names(folder)).containsExactlyInAnyOrder("data", ".cache.tmp");
        Files.delete(mine);
        Files.delete(mine.getParent());
        OutputFolder.open(folder).close();
        assertThat(cache).hasContent("of another program");
    }

    @Test
    void aTrackingStoreMayBeThereBeforeTheFirstRun() throws IOException {
        Files.createDirectory(folder.resolve("tracking"));
        Files.writeString(folder.resolve("arclight.log"), "");
        OutputFolder.open(folder).close();
        assertThat(names(folder)).contains("tracking", ".lock");
    }

    private static void write(Path into, String text) throws IOException {
        if (!into.getFileName().toString().startsWith(".staging")) {
            Files.writeString(into.resolve(".lock"), ""); // a run was here
        }
        Files.createDirectories(into.resolve("batch"));
        Files.writeString(into.resolve("batch/part"), text);
        Files.writeString(into.resolve("report"), text);
    }

    private static List<String> content(Path of) throws IOException {
        return List.of(Files.readString(of.resolve("batch/part")), Files.readString(of.resolve("report")));
    }

    private static List<String> names(Path of) throws IOException {
        try (Stream<Path> files = Files.list(of)) {
            return files.map(f -> f.getFileName().toString()).toList();
        }
    }
}
