package dev.arclight.azure.submit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The most frequent end of all, on two nodes, the worker up before the head; what is rarer is {@link AmlStartSoak}. */
@Tag("full")
final class AmlStartIT {
    @Test
    void theExitCodeOfADriverThatFailsIsThatOfAllRanks(@TempDir Path folder) throws Exception {
        String driver = "echo \"driver of $1 on $RAY_ADDRESS with $RAY_AUTH_MODE\"; exit 3\n";
        try (AmlStart ranks = new AmlStart(folder, 2, driver, Map.of())) {
            ranks.rank(1).await(1, "waiting for the head");
            ranks.rank(0);
            assertThat(ranks.end(0)).as(ranks.said(0)).isEqualTo(3);
            assertThat(ranks.end(1)).as(ranks.said(1)).isEqualTo(3);
            assertThat(ranks.said(0))
                    .contains("rank 1 has joined")
                    .contains("driver of aml-driver on 127.0.0.1:")
                    .contains("with token")
                    .contains("the driver ended with exit code 3");
        }
    }
}
