package dev.arclight.azure.arm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.base.ArclightException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TokenFileTest {
    private static final String WHOLE = "{\"accessToken\": \"s3cret\", \"expires_on\": 4000000000}";

    @TempDir
    private Path folder;

    private AccessToken read(Path file) {
        return new TokenFile(file, Clock.systemUTC()).token("https://management.azure.com/.default");
    }

    /** Would catch a job that ends because it looked while {@code az account get-access-token > FILE} ran. */
    @Test
    void aFileThatIsBeingWrittenIsWaitedFor() throws Exception {
        for (String half : new String[] {"", "{\"accessToken\": \"s3"}) {
            Path file = Files.writeString(folder.resolve("token"), half);
            ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor();
            try {
                ScheduledFuture<Path> written =
                        later.schedule(() -> Files.writeString(file, WHOLE), 300, TimeUnit.MILLISECONDS);
                assertThat(read(file).secret()).isEqualTo("s3cret");
                assertThat(written.get(10, TimeUnit.SECONDS)).isEqualTo(file);
            } finally {
                later.shutdownNow();
            }
        }
    }

    @Test
    void aFileThatStaysBrokenIsRefused() throws IOException {
        for (String half : new String[] {"", "{\"accessToken\": \"s3"}) {
            Path file = Files.writeString(folder.resolve("token"), half);
            Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(60)));
            assertThatThrownBy(() -> read(file))
                    .isInstanceOf(ArclightException.class)
                    .hasMessageContaining("az account get-access-token")
                    .hasMessageNotContaining("s3");
        }
    }
}
