package dev.arclight.engine.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StandaloneClusterTest {
    @TempDir
    private Path state;

    /** Would catch workers that nobody can stop any more. */
    @Test
    void workersWhoseMasterIsGoneCanStillBeStopped() throws Exception {
        Map<String, String> environment = Map.of("XDG_STATE_HOME", state.toString());
        Process master = sleeping();
        Process worker = sleeping();
        Path folder = Files.createDirectories(state.resolve("arclight/cluster-1"));
        Files.writeString(
                state.resolve("arclight/standalone-cluster.properties"),
                "master=spark\\://127.0.0.1\\:7\nweb=http\\://127.0.0.1\\:8/\nfolder=%s\nprocesses=%s,%s\n"
                        .formatted(folder, member(master), member(worker)));
        assertThat(StandaloneCluster.find(environment)).isPresent();
        master.destroyForcibly().waitFor();
        assertThat(StandaloneCluster.find(environment)).isEmpty();
        StandaloneCluster rest = StandaloneCluster.findRest(environment).orElseThrow();
        rest.stop(environment);
        assertThat(worker.isAlive()).isFalse();
        assertThat(folder).doesNotExist();
        assertThat(StandaloneCluster.findRest(environment)).isEmpty();
    }

    private static Process sleeping() throws IOException {
        return new ProcessBuilder("sleep", "100").start();
    }

    private static String member(Process process) {
        StandaloneCluster.Member member = StandaloneCluster.Member.of(process.toHandle());
        return member.pid() + "@" + member.startedMillis();
    }
}
