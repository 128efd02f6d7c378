package dev.arclight.azure.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.testing.ArmStandIn;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DatastoreSasTest {
    private static final ArmStandIn.Workspace WORKSPACE = new ArmStandIn.Workspace("0000", "rg", "ws");

    @TempDir
    private Path folder;

    /** A clock that is set by hand. */
    private static final class Hand extends Clock {
        private Instant now = Instant.now();

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    @Test
    void aSignatureThatIsStillGoodIsUsedWhileAzureIsAway() throws IOException {
        Hand clock = new Hand();
        Instant expires = clock.now.plus(Duration.ofHours(1));
        Configuration configuration = new Configuration(false);
        DatastoreSas sas = new DatastoreSas(clock);
        String first;
        try (ArmStandIn arm = ArmStandIn.start(folder)) {
            arm.blobDatastore(
                    WORKSPACE,
                    "raw",
                    "lake",
                    "files",
                    "Sas",
                    () -> Map.of("secretsType", "Sas", "sasToken", "se=" + expires));
            arm.settings().forEach(configuration::set);
            configuration.set(DatastoreSecret.KEY, "azureml:/%s/datastores/raw".formatted(WORKSPACE.id()));
            sas.initialize(configuration, "lake");
            first = sas.getSASToken("lake", "files", "/", "read");
            assertThat(first).isEqualTo("se=" + expires);
            arm.deny(WORKSPACE, "datastores/raw/listSecrets");
            clock.now = expires.minusSeconds(200); // it is time to renew
            assertThat(sas.getSASToken("lake", "files", "/", "read")).isEqualTo(first);
            clock.now = expires.minusSeconds(1);
            assertThatThrownBy(() -> sas.getSASToken("lake", "files", "/", "read"))
                    .isInstanceOf(IOException.class);
        }
    }
}
