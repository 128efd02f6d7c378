package dev.arclight.engine.artifacts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.track.ArtifactEntry;
import dev.arclight.track.Artifacts;
import dev.arclight.track.Run;
import dev.arclight.track.RunStart;
import dev.arclight.track.Tracking;
import dev.arclight.track.artifacts.ArtifactPlaces;
import dev.arclight.track.server.TrackingServer;
import dev.arclight.track.sql.EmbeddedTracking;
import dev.arclight.web.WebServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * On {@code viewfs}, a file system of Hadoop's own with mount points, over the local disk: calls, renames and errors
 * are those of the interface that HDFS and the clouds' file systems have.
 */
final class HadoopArtifactsTest {
    private static final String ROOT = "mlflow-artifacts:/1/run/artifacts";

    @TempDir
    private Path disk;

    private HadoopArtifactPlace place;

    @BeforeEach
    void mount() {
        Configuration configuration = new Configuration();
        configuration.setBoolean("fs.viewfs.impl.disable.cache", true); // each test has another folder
        configuration.set(
                "fs.viewfs.mounttable.team.link./models",
                disk.resolve("mounted").toUri().toString());
        place = new HadoopArtifactPlace(configuration);
    }

    @Test
    void whatIsWrittenIsListedReadReplacedAndDeleted() throws IOException {
        Path copy;
        try (Artifacts artifacts = place.open(URI.create("viewfs://team/models"))) {
            assertThat(artifacts.list(ROOT, "")).isEmpty();
            write(artifacts, "a/b.txt", "one");
            write(artifacts, "a/ü 1 #%.txt", "two");
            write(artifacts, "a/b.txt", "three");
            assertThat(artifacts.list(ROOT, "")).containsExactly(new ArtifactEntry("a", true, 0));
            assertThat(artifacts.list(ROOT, "a"))
                    .containsExactly(
                            new ArtifactEntry("a/b.txt", false, 5), new ArtifactEntry("a/ü 1 #%.txt", false, 3));
            assertThat(read(artifacts, "a/b.txt")).isEqualTo("three");
            assertThat(Files.readString(disk.resolve("mounted/1/run/artifacts/a/b.txt")))
                    .isEqualTo("three");
            copy = artifacts.local(ROOT, "a");
            assertThat(copy.resolve("ü 1 #%.txt")).hasContent("two");
            artifacts.delete(ROOT, "a");
            assertThat(artifacts.list(ROOT, "")).isEmpty();
            assertThatThrownBy(() -> artifacts.open(ROOT, "a/b.txt")).satisfies(hasCode(ErrorCode.NOT_FOUND));
        }
        assertThat(copy).doesNotExist();
    }

    @Test
    void aWriterThatFailsLeavesTheOldFileAndNothingElse() throws IOException {
        try (Artifacts artifacts = place.open(URI.create("viewfs://team/models"))) {
            write(artifacts, "model.bin", "old");
            assertThatThrownBy(() -> artifacts.write(ROOT, "model.bin", out -> {
                        out.write(new byte[100_000]);
                        throw new IOException("the caller went away");
                    }))
                    .hasMessage("the caller went away");
            assertThat(read(artifacts, "model.bin")).isEqualTo("old");
            try (Stream<Path> left = Files.list(disk.resolve("mounted/1/run/artifacts"))) {
                assertThat(left.map(file -> file.getFileName().toString()))
                        .allMatch(name -> name.equals("model.bin") || name.endsWith("model.bin.crc"));
            }
        }
    }

    /** Would catch a replacement that deletes the old file before the new one has taken its place. */
    @Test
    void whereARenameReplacesNothingAndFailsTheOldFileComesBack() throws IOException {
        Configuration configuration = new Configuration();
        configuration.set("fs.strict.impl", StrictFileSystem.class.getName());
        configuration.setBoolean("fs.strict.impl.disable.cache", true);
        URI folder = URI.create("strict:" + disk.resolve("strict"));
        try (Artifacts artifacts = new HadoopArtifactPlace(configuration).open(folder)) {
            write(artifacts, "model.bin", "one");
            write(artifacts, "model.bin", "two");
            assertThat(read(artifacts, "model.bin")).isEqualTo("two");
            assertThat(files("strict/1/run/artifacts")).containsExactly("model.bin");
        }
        for (String failure : new String[] {"refuse", "throw"}) {
            configuration.set(StrictFileSystem.FAILURE, failure);
            try (Artifacts artifacts = new HadoopArtifactPlace(configuration).open(folder)) {
                assertThatThrownBy(() -> write(artifacts, "model.bin", "three")).isInstanceOf(IOException.class);
                assertThat(read(artifacts, "model.bin")).isEqualTo("two");
                assertThat(artifacts.list(ROOT, "")).containsExactly(new ArtifactEntry("model.bin", false, 3));
                assertThat(files("strict/1/run/artifacts")).containsExactly("model.bin");
            }
        }
    }

    private List<String> files(String path) throws IOException {
        try (Stream<Path> files = Files.list(disk.resolve(path))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /**
     * The local disk as a file system whose renames replace nothing, as those of HDFS and of object stores; told to, it
     * refuses to let a new file take the place of one that was moved away.
     */
    static final class StrictFileSystem extends RawLocalFileSystem {
        static final String FAILURE = "test.strict.failure";

        private boolean cleared;

        @Override
        public URI getUri() {
            return URI.create("strict:///");
        }

        @Override
        public String getScheme() {
            return "strict";
        }

        @Override
        public boolean rename(org.apache.hadoop.fs.Path from, org.apache.hadoop.fs.Path to) throws IOException {
            if (exists(to)) {
                return false;
            }
            String failure = getConf().get(FAILURE, "");
            if (cleared && to.getName().equals("model.bin") && !failure.isEmpty()) {
                cleared = false; // the next one puts the old file back
                if (failure.equals("throw")) {
                    throw new IOException("the connection is gone");
                }
                return false;
            }
            cleared = from.getName().equals("model.bin");
            return super.rename(from, to);
        }
    }

    @Test
    void noPathLeavesTheFolder() throws IOException {
        try (Artifacts artifacts = place.open(URI.create("viewfs://team/models"))) {
            for (String path : new String[] {"../x", "a/../../x", "/etc/passwd", "a//b", ".", "a\\b"}) {
                assertThatThrownBy(() -> write(artifacts, path, "x")).satisfies(hasCode(ErrorCode.BAD_INPUT));
                assertThatThrownBy(() -> artifacts.open("mlflow-artifacts:/" + path, "x"))
                        .as(path)
                        .isInstanceOf(ArclightException.class);
            }
            assertThatThrownBy(() -> artifacts.delete("mlflow-artifacts:/", ""))
                    .satisfies(hasCode(ErrorCode.BAD_INPUT));
        }
    }

    /** The whole way: a client, the server, a store on the disk with its files in the other file system. */
    @Test
    void aServerKeepsItsFilesThere() throws IOException {
        Path file = Files.writeString(disk.resolve("model.txt"), "a model");
        try (Tracking store =
                        EmbeddedTracking.open(disk.resolve("store"), place.open(URI.create("viewfs://team/models")));
                WebServer server =
                        TrackingServer.addTo(WebServer.builder(), store).start();
                Tracking client = Tracking.open(server.uri().toString())) {
            Run run = client.runs().create(RunStart.in(client.experiment("e").id()));
            client.artifacts().upload(run.artifactUri(), file, "m/model.txt");
            assertThat(client.artifacts().local(run.artifactUri(), "m").resolve("model.txt"))
                    .hasContent("a model");
            assertThat(disk.resolve("mounted/%s/%s/artifacts/m/model.txt".formatted(run.experimentId(), run.id())))
                    .hasContent("a model");
            assertThat(disk.resolve("store/artifacts")).doesNotExist();
        }
    }

    @Test
    void anAddressThatNothingTakesIsRefusedByName() {
        assertThatThrownBy(() -> ArtifactPlaces.open("nosuch://host/folder"))
                .satisfies(hasCode(ErrorCode.BAD_INPUT))
                .hasMessageContaining("nosuch://host/folder");
        assertThatThrownBy(() -> ArtifactPlaces.open("https://host/folder")).satisfies(hasCode(ErrorCode.BAD_INPUT));
        assertThat(new HadoopArtifactPlace().takes("hdfs")).isTrue();
    }

    private static void write(Artifacts artifacts, String path, String text) throws IOException {
        artifacts.write(ROOT, path, out -> out.write(text.getBytes(UTF_8)));
    }

    private static String read(Artifacts artifacts, String path) throws IOException {
        try (InputStream in = artifacts.open(ROOT, path)) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    private static java.util.function.Consumer<Throwable> hasCode(ErrorCode code) {
        return failure -> assertThat(failure)
                .isInstanceOfSatisfying(
                        ArclightException.class,
                        known -> assertThat(known.code()).isEqualTo(code));
    }
}
