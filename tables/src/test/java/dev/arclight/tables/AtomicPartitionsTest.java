package dev.arclight.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AtomicPartitionsTest {
    private static final Map<String, String> OLD = Map.of(
            "_SUCCESS", "",
            "month=1/part", "old 1",
            "month=2/part", "old 2",
            "_rejected/a/part", "old a",
            "_rejected/b/part", "old b");
    private static final Map<String, String> NEW = Map.of(
            "_SUCCESS", "",
            "month=1/part", "old 1",
            "month=2/part", "new 2",
            "month=2/_SUCCESS", "",
            "month=3/part", "new 3",
            "month=3/_SUCCESS", "",
            "_rejected/a/part", "new a");

    @TempDir
    Path folder;

    @AfterEach
    void mend() {
        BreakingFileSystem.CHANGES_LEFT.set(Integer.MAX_VALUE);
    }

    private static void fill(Path root, Map<String, String> files) throws IOException {
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = root.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
    }

    private static Map<String, String> content(Path root) throws IOException {
        Map<String, String> content = new TreeMap<>();
        try (Stream<Path> files = Files.walk(root)) {
            files.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().startsWith("."))
                    .forEach(file -> {
                        try {
                            content.put(root.relativize(file).toString(), Files.readString(file));
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    });
        }
        return content;
    }

    private static Path local(String hadoopPath) {
        return Path.of(new org.apache.hadoop.fs.Path(hadoopPath).toUri().getPath());
    }

    private static void change(Configuration configuration, String table) throws IOException {
        try (AtomicPartitions output = AtomicPartitions.open(configuration, table)) {
            fill(local(output.staged("t")), Map.of("_SUCCESS", "", "month=2/part", "new 2", "month=3/part", "new 3"));
            fill(local(output.staged("rejects")), Map.of("part", "new a"));
            assertThat(output.publishPartitions("t", 1)).containsExactly("month=2", "month=3");
            output.publish("rejects", "_rejected/a");
            output.remove("_rejected/b");
            output.commit();
        }
    }

    @Test
    void aChangeReplacesItsPartsAndLeavesTheOthers() throws IOException {
        Path table = folder.resolve("table");
        fill(table, OLD);
        change(new Configuration(false), table.toString());
        assertThat(content(table)).isEqualTo(NEW);
    }

    @Test
    void aProgramKilledAnywhereLeavesTheOldTableOrOneThatTheNextFinishes() throws IOException {
        int finished = 0;
        int undone = 0;
        for (int changes = 0; ; changes++) {
            Path table = folder.resolve("table" + changes);
            fill(table, OLD);
            BreakingFileSystem.CHANGES_LEFT.set(changes);
            boolean broke = false;
            try {
                change(BreakingFileSystem.configuration(), "breaking:" + table);
            } catch (ArclightException | IOException e) {
                broke = true;
            }
            Map<String, String> after = content(table);
            if (after.containsKey("_SUCCESS")) { // then it is whole, besides what is staged
                after.keySet().removeIf(name -> name.startsWith(".staging"));
                assertThat(after).as("after %d changes", changes).isIn(OLD, NEW);
            }
            BreakingFileSystem.CHANGES_LEFT.set(Integer.MAX_VALUE);
            AtomicPartitions.open(BreakingFileSystem.configuration(), "breaking:" + table)
                    .close();
            Map<String, String> recovered = content(table);
            assertThat(recovered).as("after %d changes", changes).isIn(OLD, NEW);
            finished += recovered.equals(NEW) ? 1 : 0;
            undone += recovered.equals(OLD) ? 1 : 0;
            if (!broke) {
                break;
            }
        }
        assertThat(undone).isGreaterThan(3);
        assertThat(finished).isGreaterThan(10);
    }

    @Test
    void aSecondWriterIsKeptOut() {
        Path table = folder.resolve("table");
        try (AtomicPartitions first = AtomicPartitions.open(new Configuration(false), table.toString())) {
            assertThat(first.staged("x")).contains(".staging-");
            assertThatThrownBy(() -> AtomicPartitions.open(new Configuration(false), table.toString()))
                    .isInstanceOfSatisfying(
                            ArclightException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT))
                    .hasMessageContaining(table.toString());
        }
        AtomicPartitions.open(new Configuration(false), table.toString()).close();
    }

    @Test
    void aChangeThatIsNotCommittedLeavesNothing() throws IOException {
        Path table = folder.resolve("table");
        fill(table, OLD);
        try (AtomicPartitions output = AtomicPartitions.open(new Configuration(false), table.toString())) {
            fill(local(output.staged("t")), Map.of("month=2/part", "new"));
        }
        assertThat(content(table)).isEqualTo(OLD);
        try (Stream<Path> left = Files.list(table)) {
            assertThat(left.map(p -> p.getFileName().toString())).noneMatch(name -> name.startsWith(".staging"));
        }
    }
}
