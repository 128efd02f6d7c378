package dev.arclight.engine.artifacts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.track.ArtifactEntry;
import dev.arclight.track.Artifacts;
import dev.arclight.track.RunStart;
import dev.arclight.track.Tracking;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Artifacts in a real HDFS, Hadoop's own name node and data node in this process. Would catch what {@code viewfs} over
 * the local disk does not show: renames that replace nothing, {@code hsync}, an address with a host.
 */
@Tag("full")
@Timeout(180)
final class HdfsArtifactsIT {
    private static final String ROOT = "mlflow-artifacts:/1/run/artifacts";
    private static final int LARGE = 3 << 20;

    private static MiniDFSCluster cluster;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start(@TempDir Path disk) throws IOException {
        Configuration configuration = new Configuration();
        configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, disk.toString());
        cluster = new MiniDFSCluster.Builder(configuration).numDataNodes(1).build();
        cluster.waitActive();
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.shutdown();
        }
    }

    @Test
    void filesAreWrittenReplacedReadListedAndDeleted() throws IOException {
        try (Artifacts artifacts =
                new HadoopArtifactPlace().open(cluster.getURI().resolve("/models"))) {
            assertThat(artifacts.list(ROOT, "")).isEmpty();
            artifacts.write(ROOT, "a/ü 1 #%.bin", out -> out.write(new byte[LARGE]));
            artifacts.write(ROOT, "a/b.txt", out -> out.write("one".getBytes(UTF_8)));
            artifacts.write(ROOT, "a/b.txt", out -> out.write("three".getBytes(UTF_8)));
            assertThatThrownBy(() -> artifacts.write(ROOT, "a/b.txt", out -> {
                        out.write(new byte[LARGE]);
                        throw new IOException("the caller went away");
                    }))
                    .hasMessage("the caller went away");
            assertThat(artifacts.list(ROOT, "a"))
                    .containsExactly(
                            new ArtifactEntry("a/b.txt", false, 5), new ArtifactEntry("a/ü 1 #%.bin", false, LARGE));
            try (InputStream in = artifacts.open(ROOT, "a/b.txt")) {
                assertThat(in).hasContent("three");
            }
            FileStatus[] files =
                    cluster.getFileSystem().listStatus(new org.apache.hadoop.fs.Path("/models/1/run/artifacts/a"));
            assertThat(files).as("nothing is left of what was being written").hasSize(2);
            artifacts.delete(ROOT, "a");
            assertThat(artifacts.list(ROOT, "")).isEmpty();
        }
    }

    @Test
    void aStoreFindsItsFilesAgainWithoutBeingToldWhere() throws IOException {
        String store = folder.resolve("store").toString();
        String address = cluster.getURI().resolve("/kept").toString();
        String root;
        try (Tracking tracking = Tracking.open(store, address)) {
            root = tracking.runs().create(RunStart.in("0")).artifactUri();
            tracking.artifacts().write(root, "model.bin", out -> out.write(new byte[LARGE]));
        }
        try (Tracking tracking = Tracking.open(store)) {
            Path copy = tracking.artifacts().withLocal(root, "model.bin", local -> {
                assertThat(local).hasSize(LARGE);
                return local;
            });
            assertThat(copy).doesNotExist();
        }
        assertThat(folder.resolve("store/artifacts")).doesNotExist();
        assertThatThrownBy(
                        () -> Tracking.open(store, folder.resolve("elsewhere").toString()))
                .hasMessageContaining("keeps its artifacts at " + address);
    }
}
