package dev.arclight.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.testing.Await;
import dev.arclight.web.Metrics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which files the log makes, and what it counts; what is in them is for {@link TableBodiesIT}. */
@Timeout(60)
final class RequestLogTest {
    private static final Duration NEVER = Duration.ofDays(1);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private final RequestLog.Counters counters = new RequestLog.Counters(new Metrics());

    private RequestLog log(Duration patience) {
        return new RequestLog(folder.resolve("log"), "bits", 1, counters, patience);
    }

    private ServedModel version(int number) {
        return new ServedModel(SampleModels.bits(folder.resolve("v" + number), number), Integer.toString(number));
    }

    private static void answer(RequestLog log, ServedModel model, int count) {
        Rows rows = new Rows(model.schema().width());
        for (int i = 0; i < count; i++) {
            rows.begin();
        }
        log.answered(model, rows, model.predict(rows));
    }

    private List<Path> files(String prefix) {
        Path made = folder.resolve("log/bits");
        if (Files.notExists(made)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(made)) {
            return all.filter(file -> file.getFileName().toString().startsWith(prefix))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private double kept() {
        return counters.kept.labelValues("bits").get();
    }

    private double skipped() {
        return counters.skipped.labelValues("bits").get();
    }

    /** Catches a file for each change of version: with a canary that is one for each few requests. */
    @Test
    void versionsThatAnswerInTurnHaveOneFileEach() {
        ServedModel champion = version(1);
        ServedModel challenger = version(2);
        RequestLog log = log(NEVER);
        for (int i = 0; i < 50; i++) {
            answer(log, champion, 1);
            answer(log, challenger, 2);
        }
        log.close();
        assertThat(files("v1-")).hasSize(1);
        assertThat(files("v2-")).hasSize(1);
        assertThat(kept()).isEqualTo(150);
    }

    /** Catches a version that is replaced and whose last rows are never written. */
    @Test
    void aVersionThatAnswersNothingMoreIsWrittenWhenItsTimeIsOver() {
        ServedModel old = version(1);
        ServedModel current = version(2);
        try (RequestLog log = log(Duration.ofMillis(100))) {
            answer(log, old, 3);
            answer(log, current, 4);
            Await.until("both are written", PATIENCE, () -> kept() == 7);
            assertThat(files("v1-")).hasSize(1);
            assertThat(files("v2-")).hasSize(1);
            answer(log, current, 5);
            Await.until("and the next rows", PATIENCE, () -> kept() == 12);
            assertThat(files("v2-")).hasSize(2);
        }
    }

    @Test
    void tenThousandRowsAreWrittenAtOnceAndTheRestAtTheEnd() {
        ServedModel model = version(1);
        RequestLog log = log(NEVER);
        for (int i = 0; i < 3; i++) {
            answer(log, model, 4_000);
        }
        Await.until("a file is full", PATIENCE, () -> kept() == 12_000);
        answer(log, model, 1);
        log.close();
        assertThat(files("v1-")).hasSize(2);
        assertThat(kept()).isEqualTo(12_001);
    }

    /** Catches rows that disappear without a count. */
    @Test
    void whatIsNotKeptIsCounted() throws Exception {
        ServedModel model = version(1);
        Files.writeString(folder.resolve("log"), "a file where the folder should be");
        RequestLog log = log(NEVER);
        answer(log, model, 10_001); // larger than what is looked at
        answer(log, model, 5);
        log.close();
        assertThat(skipped()).isEqualTo(10_006);
        answer(log, model, 7);
        assertThat(skipped()).isEqualTo(10_013);
    }
}
