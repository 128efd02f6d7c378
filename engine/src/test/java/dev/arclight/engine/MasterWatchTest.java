package dev.arclight.engine;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

final class MasterWatchTest {
    @Test
    void aMasterThatDoesNotListenIsNamed() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
            Master there = Master.of("spark://127.0.0.1:1,127.0.0.1:" + free);
            assertThatCode(() -> MasterWatch.requireListening(there)).doesNotThrowAnyException();
        }
        Master gone = Master.of("spark://127.0.0.1:" + free);
        assertThatThrownBy(() -> MasterWatch.requireListening(gone))
                .isInstanceOfSatisfying(
                        ArclightException.class,
                        e -> org.assertj.core.api.Assertions.assertThat(e.code())
                                .isEqualTo(ErrorCode.UNAVAILABLE))
                .hasMessageContaining("spark://127.0.0.1:" + free);
        assertThatCode(() -> MasterWatch.requireListening(Master.of("local[2]")))
                .doesNotThrowAnyException();
    }
}
