package dev.arclight.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CsvRecordsTest {
    private static CsvRecords of(String text) {
        return new CsvRecords(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), ',');
    }

    private static List<List<String>> all(String text) throws IOException {
        List<List<String>> all = new ArrayList<>();
        CsvRecords records = of(text);
        while (records.next()) {
            List<String> fields = new ArrayList<>();
            for (int f = 0; f < records.fields(); f++) {
                fields.add(records.field(f));
            }
            all.add(fields);
        }
        return all;
    }

    @Test
    void aQuoteWithinAFieldThatHasNoneAroundItOpensNothing() throws IOException {
        assertThat(all("12\"\",a\nb,c\n")).containsExactly(List.of("12\"\"", "a"), List.of("b", "c"));
        assertThat(all("\"x\"y\"\",a\nb,c\n")).containsExactly(List.of("xy\"\"", "a"), List.of("b", "c"));
    }

    @Test
    void quotedFieldsHoldQuotesSeparatorsAndLines() throws IOException {
        assertThat(all("\"say \"\"hi\"\"\",\"a,b\"\n\"two\n\nlines\",\"\"\n"))
                .containsExactly(List.of("say \"hi\"", "a,b"), List.of("two\n\nlines", ""));
    }

    /** A record of n lines took time of n times n: hours for what is read in a second. */
    @Test
    void aQuoteLeftOpenInALargeFileIsFoundSoon() throws IOException {
        String lines = "\"open\n" + "1,2,3,4\n".repeat(1 << 20);
        CsvRecords records = of(lines);
        assertTimeoutPreemptively(
                Duration.ofMinutes(1), () -> assertThat(records.next()).isTrue());
        assertThat(records.unclosedQuote()).isTrue();
    }
}
