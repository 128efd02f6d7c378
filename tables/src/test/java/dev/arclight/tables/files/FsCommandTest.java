package dev.arclight.tables.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.base.ArclightException;
import dev.arclight.base.Cleanup;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.Settings;
import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import dev.arclight.base.progress.Progress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class FsCommandTest {
    private static final MessageType SCHEMA =
            MessageTypeParser.parseMessageType("message m { required int64 id; optional binary name (STRING); }");

    @TempDir
    Path folder;

    private final Cleanup cleanup = new Cleanup();

    private String fs(Object... arguments) throws Exception {
        return run(new FsCommand(), arguments);
    }

    private String run(ArclightCommand root, Object... arguments) throws Exception {
        CommandLine.ParseResult parsed = new CommandLine(root)
                .parseArgs(Stream.of(arguments).map(String::valueOf).toArray(String[]::new));
        List<CommandLine> all = parsed.asCommandLineList();
        StringWriter out = new StringWriter();
        ArclightCommand command = (ArclightCommand) all.get(all.size() - 1).getCommand();
        command.run(new CommandContext(
                new PrintWriter(out),
                new PrintWriter(new StringWriter()),
                Progress.NONE,
                Settings.empty(),
                cleanup,
                true));
        return out.toString();
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static Map<String, String> content(Path root) throws IOException {
        Map<String, String> content = new TreeMap<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                content.put(root.relativize(file).toString(), Files.readString(file));
            }
        }
        return content;
    }

    private Path source(int files) throws IOException {
        Path source = folder.resolve("source");
        for (int i = 0; i < files; i++) {
            write(source.resolve("k=%d/a b%%20 %d.csv".formatted(i % 3, i)), "row " + i + "\n");
        }
        return source;
    }

    @Test
    void aCopyOfATreeIsTheSameTreeAndIsNotMadeTwice() throws Exception {
        Path source = source(20);
        Path target = folder.resolve("target");
        assertThat(fs("cp", "-r", source, target)).startsWith("20 files copied (");
        assertThat(content(target)).isEqualTo(content(source));
        assertThat(fs("cp", "-r", source, target)).isEqualTo("0 files copied (0 B), 20 were there already\n");
    }

    @Test
    void aStoppedCopyIsResumedByTheSameCommand() throws Exception {
        Path source = source(20);
        Path target = folder.resolve("target");
        fs("cp", source.resolve("k=1/a b%20 1.csv"), target.resolve("k=1") + "/");
        write(target.resolve("k=2/.a b%20 2.csv.arclight-copy"), "hal"); // what a kill leaves
        cleanup.close(); // as Ctrl-C does
        assertThatThrownBy(() -> fs("cp", "-r", source, target))
                .isInstanceOfSatisfying(
                        ArclightException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
        FsCommandTest later = new FsCommandTest();
        assertThat(later.fs("cp", "-r", source, target)).endsWith(", 1 were there already\n");
        assertThat(content(target)).isEqualTo(content(source));
    }

    @Test
    void aFileThatChangedIsCopiedAgain() throws Exception {
        Path source = source(3);
        Path target = folder.resolve("target");
        fs("cp", "-r", source, target);
        Path changed = source.resolve("k=0/a b%20 0.csv");
        Files.writeString(changed, "ROW 0\n");
        Files.setLastModifiedTime(changed, FileTime.from(Instant.now().plusSeconds(5)));
        assertThat(fs("cp", "-r", source, target)).startsWith("1 files copied (6 B), 2 were");
        assertThat(content(target)).isEqualTo(content(source));
    }

    @Test
    void aTargetThatCannotBeWrittenFailsAloneAndByName() throws Exception {
        Path source = source(4);
        Path target = folder.resolve("target");
        Files.createDirectories(target.resolve("k=2/a b%20 2.csv")); // a folder in its place
        assertThatThrownBy(() -> fs("cp", "-r", source, target))
                .hasMessage("1 of 4 files could not be copied: run the same command again, it copies only these");
        assertThat(content(target)).hasSize(3);
    }

    @Test
    void catWritesTheBytesOfAllThatAPatternNames() throws Exception {
        byte[] bytes = new byte[300_000];
        new Random(7).nextBytes(bytes);
        Files.write(folder.resolve("x1"), bytes);
        Files.write(folder.resolve("x2"), new byte[] {0, (byte) 0xff});
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        run(new FsCatCommand(new PrintStream(out)), folder.resolve("x*"));
        assertThat(out.size()).isEqualTo(bytes.length + 2);
        assertThat(out.toByteArray()).startsWith(bytes).endsWith(0, 0xff);
    }

    @Test
    void filesThatWouldTakeEachOthersPlaceAreRefusedBeforeAnyIsCopied() throws Exception {
        write(folder.resolve("source/a/x.csv"), "a");
        write(folder.resolve("source/b/x.csv"), "b");
        write(folder.resolve("source/b/y.csv"), "y");
        Path target = folder.resolve("target");
        assertThatThrownBy(() -> fs("cp", folder.resolve("source/*/*.csv"), target + "/"))
                .isInstanceOfSatisfying(
                        ArclightException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_INPUT))
                .hasMessageContaining(folder.resolve("source/a/x.csv").toString())
                .hasMessageContaining(folder.resolve("source/b/x.csv").toString())
                .hasMessageContaining(target.resolve("x.csv").toString());
        assertThat(target).doesNotExist();
        assertThat(fs("cp", folder.resolve("source/b/*.csv"), target + "/")).startsWith("2 files copied (2 B)");
    }

    @Test
    void catFailsWhereItsOutputIsNotTaken() throws Exception {
        Files.write(folder.resolve("x"), new byte[300_000]);
        OutputStream full = new OutputStream() {
            private int left = 100_000;

            @Override
            public void write(int b) throws IOException {
                if (--left < 0) {
                    throw new IOException("No space left on device");
                }
            }
        };
        assertThatThrownBy(() -> run(new FsCatCommand(new PrintStream(full)), folder.resolve("x")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Standard output did not take all of " + folder.resolve("x"));
    }

    @Test
    void lsAndDuSeeEachFileOnce() throws Exception {
        Path source = source(7);
        assertThat(fs("ls", source).lines().map(line -> line.replaceAll(".*/source/", "")))
                .containsExactlyInAnyOrder("k=0/", "k=1/", "k=2/");
        assertThat(fs("ls", "-r", source).lines().filter(line -> line.endsWith(".csv")))
                .hasSize(7)
                .allMatch(line -> line.strip().startsWith("6 "));
        assertThat(fs("du", "--bytes", source)).contains(" 42 ").contains(" 7 files");
    }

    @Test
    void tablesAreFoundWithRowsAndColumnsWhereTheyAreCheap() throws Exception {
        for (int part = 0; part < 4; part++) {
            parquet(
                    folder.resolve("lake/trips/year=2024/month=%d/part-%d.parquet".formatted(part % 2, part)),
                    10 + part);
        }
        write(folder.resolve("lake/trips/_SUCCESS"), "");
        write(folder.resolve("lake/raw/wine/red.csv"), "\"fixed acidity\";\"pH\"\n7.4;3.5\n");
        write(folder.resolve("lake/raw/notes/readme.txt"), "no table");
        parquet(folder.resolve("lake/delta/part-0.parquet"), 5);
        parquet(folder.resolve("lake/delta/part-1.parquet"), 6);
        write(folder.resolve("lake/delta/_delta_log/" + "0".repeat(20) + ".json"), """
                {"metaData":{"id":"1","format":{"provider":"parquet"},"schemaString":"{\\"type\\":\\"struct\\",\\"fields\\":[{\\"name\\":\\"id\\",\\"type\\":\\"long\\"}]}","partitionColumns":[]}}
                {"add":{"path":"part-0.parquet","stats":"{\\"numRecords\\":5}"}}
                """);
        write(folder.resolve("lake/delta/_delta_log/" + "0".repeat(19) + "1.json"), """
                {"add":{"path":"part-1.parquet","stats":"{\\"numRecords\\":6}"}}
                {"remove":{"path":"part-0.parquet"}}
                """);
        String lake = folder.resolve("lake").toString();
        List<String> found = fs("tables", "--json", lake)
                .lines()
                .map(line -> line.replace(lake, "").replaceAll("\"bytes\":[1-9]\\d*", "bytes"))
                .sorted()
                .toList();
        assertThat(found)
                .containsExactly(
                        "{\"path\":\"/delta\",\"format\":\"delta\",\"rows\":6,\"files\":2,bytes,\"partitions\":[],\"columns\":[\"id long\"]}",
                        "{\"path\":\"/raw/wine\",\"format\":\"csv\",\"files\":1,bytes,\"partitions\":[],\"columns\":[\"fixed acidity\",\"pH\"]}",
                        "{\"path\":\"/trips\",\"format\":\"parquet\",\"rows\":46,\"files\":4,bytes,\"partitions\":[\"year\",\"month\"],\"columns\":[\"id INT64\",\"name STRING\"]}");
        assertThat(fs("tables", "--footers", "3", lake)).containsPattern("parquet +\\? +4 ");
    }

    @Test
    void aDamagedTableDoesNotHideTheOthers() throws Exception {
        write(folder.resolve("lake/broken/part-0.parquet"), "this is no Parquet file");
        parquet(folder.resolve("lake/whole/part-0.parquet"), 3);
        assertThat(fs("tables", folder.resolve("lake")))
                .containsPattern("parquet +\\? +1 .*broken")
                .containsPattern("parquet +3 +1 .*whole");
    }

    @Test
    void aPathThatIsNoneIsToldInASentence() {
        assertThatThrownBy(() -> fs("ls", "nosuch://x/y"))
                .hasMessage("There is no filesystem for 'nosuch://x/y': 'arclight install' lists what can be added");
        assertThatThrownBy(() -> fs("ls", folder.resolve("absent")))
                .hasMessage("There is no file or folder " + folder.resolve("absent"));
        assertThatThrownBy(() -> fs("cp", "-r", folder, folder.resolve("below")))
                .hasMessageContaining("is in the folder that is to be copied");
        assertThatThrownBy(() -> fs("cat", folder)).hasMessageContaining("is a folder");
    }

    private static void parquet(Path file, int rows) throws IOException {
        Files.createDirectories(file.getParent());
        try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(new LocalOutputFile(file))
                .withConf(new Configuration())
                .withType(SCHEMA)
                .build()) {
            for (int i = 0; i < rows; i++) {
                Group group = new SimpleGroup(SCHEMA);
                group.add("id", (long) i);
                group.add("name", "n" + i);
                writer.write(group);
            }
        }
    }
}
