package dev.arclight.databricks.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.databricks.WorkspaceStandIn;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PathIsNotEmptyDirectoryException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both stores of a workspace as Hadoop sees them. */
@Timeout(60)
class DatabricksFileSystemTest {
    private static final String VOLUME = "dbfs:/Volumes/main/default/raw";
    private static final String DBFS = "dbfs:/tmp";

    private WorkspaceStandIn workspace;
    private DatabricksFileSystem files;

    @BeforeEach
    void start() throws IOException {
        workspace = new WorkspaceStandIn();
        files = new DatabricksFileSystem();
        files.initialize(URI.create("dbfs:///"), new Configuration(), workspace.environment());
    }

    @AfterEach
    void stop() throws IOException {
        files.close();
        workspace.close();
    }

    private void write(String path, byte[] content) throws IOException {
        try (var out = files.create(new Path(path), true)) {
            out.write(content);
        }
    }

    private byte[] read(String path) throws IOException {
        try (FSDataInputStream in = files.open(new Path(path))) {
            return in.readAllBytes();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void hadoopFindsItByItsScheme() throws IOException {
        assertThat(FileSystem.getFileSystemClass("dbfs", new Configuration())).isEqualTo(DatabricksFileSystem.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {VOLUME, DBFS})
    void whatIsWrittenIsListedReadMovedAndDeleted(String root) throws IOException {
        Path folder = new Path(root + "/a folder");
        write(root + "/a folder/one.txt", bytes("first"));
        write(root + "/a folder/two%3.txt", bytes("second!"));
        write(root + "/a folder/deep/three.txt", bytes("3"));
        assertThat(Stream.of(files.listStatus(folder)).map(FileStatus::getPath).map(Path::toString))
                .containsExactlyInAnyOrder(
                        root + "/a folder/deep", root + "/a folder/one.txt", root + "/a folder/two%3.txt");
        FileStatus status = files.getFileStatus(new Path(folder, "two%3.txt"));
        assertThat(status.getLen()).isEqualTo(7);
        assertThat(status.getModificationTime()).isPositive();
        assertThat(read(root + "/a folder/two%3.txt")).isEqualTo(bytes("second!"));
        write(root + "/a folder/one.txt", bytes("anew"));
        assertThat(read(root + "/a folder/one.txt")).isEqualTo(bytes("anew"));
        assertThat(files.getContentSummary(folder).getFileCount()).isEqualTo(3);
        assertThat(Stream.of(files.globStatus(new Path(folder, "*.txt")))
                        .map(one -> one.getPath().getName()))
                .containsExactly("one.txt", "two%3.txt");
        assertThat(files.rename(folder, new Path(root + "/moved"))).isTrue();
        assertThat(files.exists(folder)).isFalse();
        assertThat(read(root + "/moved/deep/three.txt")).isEqualTo(bytes("3"));
        assertThatThrownBy(() -> files.delete(new Path(root + "/moved"), false))
                .isInstanceOf(PathIsNotEmptyDirectoryException.class);
        assertThat(files.delete(new Path(root + "/moved"), true)).isTrue();
        assertThat(files.exists(new Path(root + "/moved/deep/three.txt"))).isFalse();
        assertThat(files.delete(new Path(root + "/moved"), true)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {VOLUME, DBFS})
    void largeFilesGoBlockByBlockAndAreReadFromAnywhere(String root) throws IOException {
        byte[] content = new byte[(2 << 20) + 12_345];
        new Random(3).nextBytes(content);
        write(root + "/large", content);
        assertThat(Arrays.equals(read(root + "/large"), content)).isTrue();
        try (FSDataInputStream in = files.open(new Path(root + "/large"))) {
            in.seek(content.length - 5);
            assertThat(in.readNBytes(10)).isEqualTo(Arrays.copyOfRange(content, content.length - 5, content.length));
            byte[] middle = new byte[100];
            in.readFully(1_048_500, middle);
            assertThat(middle).isEqualTo(Arrays.copyOfRange(content, 1_048_500, 1_048_600));
            assertThatThrownBy(() -> in.seek(content.length + 1)).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void anEmptyFileIsAFile() throws IOException {
        write(DBFS + "/empty", new byte[0]);
        assertThat(read(DBFS + "/empty")).isEmpty();
    }

    @Test
    void whatIsMissingOrInTheWayIsSaid() throws IOException {
        assertThatThrownBy(() -> files.open(new Path(VOLUME + "/none")))
                .isInstanceOf(FileNotFoundException.class)
                .hasMessageContaining(VOLUME + "/none");
        write(DBFS + "/there", bytes("x"));
        assertThatThrownBy(() -> files.create(new Path(DBFS + "/there"), false))
                .isInstanceOf(FileAlreadyExistsException.class);
        assertThat(files.rename(new Path(DBFS + "/none"), new Path(DBFS + "/other")))
                .isFalse();
        assertThatThrownBy(() -> new DatabricksFileSystem()
                        .initialize(URI.create("dbfs://host/a"), new Configuration(), Map.of()))
                .hasMessageContaining("with one slash");
    }

    @Test
    void aFileThatBreaksOffInDbfsIsNoFile() {
        byte[] content = new byte[3 << 20];
        assertThatThrownBy(() -> {
                    var out = files.create(new Path(DBFS + "/half"), true);
                    out.write(content);
                    workspace.forbid("/api/2.0/dbfs/add-block");
                    out.close();
                })
                .isInstanceOf(IOException.class);
        assertThat(workspace.files()).doesNotContainKey("/tmp/half");
    }
}
