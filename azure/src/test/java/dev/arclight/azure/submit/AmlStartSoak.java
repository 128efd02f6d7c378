package dev.arclight.azure.submit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.testing.Soak;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a job of several ranks ends when one of them does not play its part. */
@Tag("soak")
final class AmlStartSoak {
    private static final String WAITING = "echo started; while [ ! -e \"$(dirname \"$0\")/go\" ]; do sleep 0.1; done\n";

    @TempDir
    private Path folder;

    @AfterAll
    static void report() {
        Soak.report("{\"ends\": 8}");
    }

    private void letTheDriverEnd() throws IOException {
        Files.createFile(folder.resolve("home/bin/go"));
    }

    @Test
    void theOthersEndWhenTheHeadIsGone() throws Exception {
        try (AmlStart ranks = new AmlStart(folder, 2, WAITING, Map.of())) {
            ranks.rank(0).rank(1).await(0, "started");
            ranks.kill(0);
            assertThat(ranks.end(1)).as(ranks.said(1)).isEqualTo(1);
            assertThat(ranks.said(1)).contains("the head went without a word");
        }
    }

    @Test
    void theDriverGoesOnWithoutAWorkerThatIsGone() throws Exception {
        try (AmlStart ranks = new AmlStart(folder, 2, WAITING, Map.of())) {
            ranks.rank(0).rank(1).await(0, "started");
            ranks.kill(1);
            ranks.await(0, "rank 1 is gone; the driver goes on");
            letTheDriverEnd();
            assertThat(ranks.end(0)).as(ranks.said(0)).isZero();
        }
    }

    @Test
    void rayOfAWorkerIsStartedAgain() throws Exception {
        try (AmlStart ranks = new AmlStart(folder, 2, WAITING, Map.of())) {
            ranks.rank(0).rank(1).await(0, "started");
            List<ProcessHandle> ray = ranks.children(1);
            ray.forEach(ProcessHandle::destroyForcibly);
            ranks.await(1, "starting Ray again");
            letTheDriverEnd();
            assertThat(ranks.end(0)).as(ranks.said(0)).isZero();
            assertThat(ranks.end(1)).as(ranks.said(1)).isZero();
        }
    }

    @Test
    void aHeadThatDoesNotComeEndsTheWorker() throws Exception {
        try (AmlStart ranks = new AmlStart(folder, 2, WAITING, Map.of("ARCLIGHT_AML_HEAD_TIMEOUT", "3"))) {
            ranks.rank(1);
            assertThat(ranks.end(1)).isEqualTo(1);
            assertThat(ranks.said(1)).contains("was not there within 3 s").contains("did rank 0 start?");
        }
    }

    @Test
    void aWorkerThatDoesNotComeEndsTheHeadAndTheOthers() throws Exception {
        try (AmlStart ranks = new AmlStart(folder, 3, WAITING, Map.of("ARCLIGHT_AML_HEAD_TIMEOUT", "40"))) {
            ranks.rank(0).rank(1);
            assertThat(ranks.end(0)).as(ranks.said(0)).isEqualTo(1);
            assertThat(ranks.end(1)).as(ranks.said(1)).isEqualTo(1);
            assertThat(ranks.said(0)).contains("of 3 nodes, rank [2] did not join within 40 s");
        }
    }

    @Test
    void aHeadWithoutItsRayEndsAll() throws Exception {
        try (AmlStart ranks = new AmlStart(folder, 2, WAITING, Map.of())) {
            ranks.rank(0).rank(1).await(0, "started");
            ranks.children(0).stream()
                    .filter(process -> process.info().commandLine().orElse("").contains("gcs_server"))
                    .forEach(ProcessHandle::destroyForcibly);
            assertThat(ranks.end(0)).as(ranks.said(0)).isEqualTo(1);
            assertThat(ranks.end(1)).as(ranks.said(1)).isEqualTo(1);
            assertThat(ranks.said(0)).contains("Ray's head ended");
        }
    }

    @Test
    void aCancelledJobEndsItsDriverAndAllRanks() throws Exception {
        String driver = "trap 'echo told; exit 7' TERM\n" + WAITING;
        try (AmlStart ranks = new AmlStart(folder, 2, driver, Map.of())) {
            ranks.rank(0).rank(1).await(0, "started");
            ranks.process(0).destroy();
            assertThat(ranks.end(0)).as(ranks.said(0)).isEqualTo(143);
            assertThat(ranks.end(1)).as(ranks.said(1)).isEqualTo(143);
            assertThat(ranks.said(0)).contains("told");
        }
    }

    @Test
    void whoDoesNotKnowTheTokenIsNoRank() throws Exception {
        try (AmlStart ranks = new AmlStart(folder, 2, WAITING, Map.of())) {
            ranks.rank(0).await(0, "Ray's head is ready");
            try (Socket stranger = new Socket(InetAddress.getLoopbackAddress(), ranks.controlPort());
                    OutputStream out = stranger.getOutputStream()) {
                out.write("1 0123456789abcdef\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                byte[] nonce = stranger.getInputStream().readNBytes(33);
                assertThat(nonce).hasSize(33);
                assertThat(stranger.getInputStream().read())
                        .as("the connection is closed")
                        .isEqualTo(-1);
            }
            ranks.rank(1).await(0, "started");
            letTheDriverEnd();
            assertThat(ranks.end(0)).as(ranks.said(0)).isZero();
            assertThat(ranks.end(1)).as(ranks.said(1)).isZero();
        }
    }
}
