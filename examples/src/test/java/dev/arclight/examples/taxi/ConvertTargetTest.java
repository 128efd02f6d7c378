package dev.arclight.examples.taxi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.base.ArclightException;
import dev.arclight.tables.lake.LakeFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConvertTargetTest {
    @TempDir
    private Path folder;

    private ConvertTarget target() {
        return new ConvertTarget(new org.apache.hadoop.fs.Path(folder.toUri()), new Configuration());
    }

    private void converted(String service) throws IOException {
        Files.createDirectories(folder.resolve("year=2021/month=1"));
        Files.createDirectories(folder.resolve("_quality"));
        Files.writeString(folder.resolve("_quality/quality.json"), "{\"service\": \"%s\"}".formatted(service));
    }

    @Test
    void aNewFolderAndWhatAKilledFirstRunLeftAreOurs() throws IOException {
        assertThatCode(target()::requireOurs).doesNotThrowAnyException();
        Files.writeString(folder.resolve(".lock"), "");
        assertThatCode(target()::requireOurs).doesNotThrowAnyException();
        Files.createDirectories(folder.resolve("year=2021"));
        Files.createDirectories(folder.resolve(".staging-killed"));
        assertThatCode(target()::requireOurs).doesNotThrowAnyException();
    }

    @Test
    void monthsOfATableThatNoConversionMadeAreNotReplaced() throws IOException {
        Path part = Files.createDirectories(folder.resolve("year=2021/month=1")).resolve("part-0.parquet");
        Files.writeString(part, "somebody's");
        assertThatThrownBy(target()::requireOurs)
                .isInstanceOf(ArclightException.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining("year=2021");
        assertThat(part).hasContent("somebody's");
    }

    @Test
    void monthsOfAnotherServiceAreNotReplaced() throws IOException {
        converted("green");
        target().requireOurs();
        target().requireSame(TaxiService.GREEN, Optional.empty());
        assertThatThrownBy(() -> target().requireSame(TaxiService.YELLOW, Optional.empty()))
                .isInstanceOf(ArclightException.class)
                .hasMessageContaining("holds green trips, whose months yellow trips would replace");
    }

    @Test
    void filesOfADeltaTableAreNotReplacedBehindItsLog() throws IOException {
        converted("green");
        assertThatThrownBy(() -> target().requireSame(TaxiService.GREEN, Optional.of(LakeFormat.DELTA)))
                .isInstanceOf(ArclightException.class)
                .hasMessageContaining("a table of the format parquet");
        Files.createDirectories(folder.resolve("_delta_log"));
        target().requireSame(TaxiService.GREEN, Optional.of(LakeFormat.DELTA));
        assertThatThrownBy(() -> target().requireSame(TaxiService.GREEN, Optional.empty()))
                .isInstanceOf(ArclightException.class)
                .hasMessageContaining("a table of the format delta: give --format delta");
    }
}
