package dev.arclight.ray.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.base.ArclightException;
import java.util.Map;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.storage.StorageLevel;
import org.junit.jupiter.api.Test;

final class DatasetOptionsTest {
    @Test
    void whatIsSavedIsDetachedAndWhatIsPutIsTheDrivers() {
        assertThat(DatasetOptions.of(Map.of("path", "trips"), SaveMode.Append))
                .isEqualTo(
                        DatasetOptions.named("trips").withMode(SaveMode.Append).withOwner(Owner.DETACHED));
        assertThat(DatasetOptions.named("trips").owner()).isEqualTo(Owner.DRIVER);
    }

    @Test
    void everyOptionIsTaken() {
        Map<String, String> options = Map.of(
                "name",
                "trips",
                "path",
                "other",
                "owner",
                "Driver",
                "blocks",
                "7",
                "block-bytes",
                "4096",
                "recoverable",
                "true",
                "storage-level",
                "disk_only");
        assertThat(DatasetOptions.of(options, SaveMode.Ignore))
                .isEqualTo(new DatasetOptions(
                        "trips", SaveMode.Ignore, 7, 4096, Owner.DRIVER, true, StorageLevel.DISK_ONLY()));
    }

    @Test
    void wrongOptionsAreRefusedByName() {
        assertRefused(Map.of(), "needs a dataset's name");
        assertRefused(Map.of("path", "x", "owner", "me"), "Option owner is 'me': expected driver or detached");
        assertRefused(Map.of("path", "x", "blocks", "many"), "Option blocks is 'many'");
        assertRefused(Map.of("path", "x", "blocks", "0"), "Option blocks is '0'");
        assertRefused(Map.of("path", "x", "block-bytes", "12"), "Option block-bytes is 12: expected 1024");
        assertRefused(Map.of("path", "x", "recoverable", "yes"), "Option recoverable is 'yes'");
        assertRefused(
                Map.of("path", "x", "recoverable", "true", "storage-level", "TAPE"), "Option storage-level is 'TAPE'");
    }

    @Test
    void aBlockIsTakenOnceAndDeliveredOnlyToWhoWaits() {
        Handover handover = new Handover();
        handover.offer("k", new byte[] {1});
        assertThat(handover.take("k")).containsExactly(1);
        assertThat(handover.take("k")).isEmpty();
        assertThat(handover.deliver("t", new byte[] {2})).isFalse();
        handover.expect("t");
        assertThat(handover.deliver("t", new byte[] {2})).isTrue();
        assertThat(handover.delivered("t")).containsExactly(2);
        assertThat(handover.deliver("t", new byte[] {2})).isFalse();
    }

    private static void assertRefused(Map<String, String> options, String sentence) {
        assertThatThrownBy(() -> DatasetOptions.of(options, SaveMode.ErrorIfExists))
                .isInstanceOf(ArclightException.class)
                .hasMessageContaining(sentence);
    }
}
