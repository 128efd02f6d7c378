package dev.arclight.examples.taxi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.YearMonth;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TripFilesTest {
    @TempDir
    private Path folder;

    private void make(YearMonth month, boolean truth) throws IOException {
        TripFiles.write(folder, new TripFiles.Order(List.of(TaxiService.YELLOW), List.of(month), 20, 1, 0, truth));
    }

    @Test
    void aFolderThatIsCalledTruthStays() throws IOException {
        Path essay = Files.createDirectory(folder.resolve("truth")).resolve("essay.txt");
        Files.writeString(essay, "what is it?");
        make(YearMonth.of(2019, 1), true);
        make(YearMonth.of(2019, 2), false);
        assertThat(essay).hasContent("what is it?");
        assertThat(folder.resolve("truth/yellow_tripdata_2019-01.csv")).isNotEmptyFile();
        assertThat(folder.resolve("yellow_tripdata_2019-02.csv")).isNotEmptyFile();
        assertThat(folder.resolve("truth/yellow_tripdata_2019-02.csv")).doesNotExist();
    }

    @Test
    void withoutTruthThereIsNoFolderOfIt() throws IOException {
        make(YearMonth.of(2022, 1), false);
        assertThat(folder.resolve("truth")).doesNotExist();
        assertThat(folder.resolve("yellow_tripdata_2022-01.parquet")).isNotEmptyFile();
    }
}
