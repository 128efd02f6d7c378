package dev.arclight.base.progress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.base.progress.Progress.Task;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LineProgressTest {
    private final AtomicLong clock = new AtomicLong(-7);
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Progress progress = new LineProgress(out, clock::get);

    @Test
    void linesComeAtTheStartEveryFiveSecondsAndAtTheEnd() {
        Task sweep = progress.start("sweep", 32, "trials");
        for (int i = 1; i <= 14; i++) {
            wait(Duration.ofMillis(480));
            sweep.note("best AUC 0.8950");
            sweep.advance(1);
        }
        wait(Duration.ofSeconds(9));
        sweep.advance(17);
        sweep.advance(1);
        sweep.note("best AUC 0.8987");
        sweep.close();
        assertThat(lines())
                .containsExactly(
                        "sweep: 32 trials",
                        "sweep: 11 of 32 trials (34 %), 2.1/s, 10 s left; best AUC 0.8950",
                        "sweep: 31 of 32 trials (96 %), 2.0/s, 0.5 s left; best AUC 0.8950",
                        "sweep: done, 32 trials in 16 s; best AUC 0.8987");
    }

    @Test
    void aFailureSaysHowFarItCameAndWhy() {
        Task read = progress.start("read", 0, "rows");
        wait(Duration.ofSeconds(2));
        read.moveTo(12_000);
        read.fail("row 12,001 has 3 cells");
        read.close();
        assertThat(lines()).containsExactly("read", "read: FAILED after 12,000 rows, 2.0 s: row 12,001 has 3 cells");
    }

    @Test
    void aTaskThatCountsNothingTellsItsTime() {
        progress.message("hello\nworld");
        try (Task task = progress.start("build", 0, "")) {
            wait(Duration.ofMinutes(130));
            task.advance(0);
        }
        assertThat(lines())
                .containsExactly("hello", "world", "build", "build: 2 h 10 min so far", "build: done, 2 h 10 min");
    }

    @Test
    void aLogHasNoControlCharacters() {
        progress.message("a\033[31mb\tc");
        progress.start("x\ry", 0, "").fail("\007");
        assertThat(out.toString(StandardCharsets.UTF_8)).doesNotContainPattern("[\\p{Cntrl}&&[^\\n]]");
    }

    @Test
    void barsAreOnlyForTerminalsThatCanRedraw() {
        Map<String, String> usual = Map.of("TERM", "xterm-256color", "LANG", "en_US.UTF-8");
        assertThat(Progress.of(out, usual, true)).isInstanceOf(TerminalProgress.class);
        assertThat(Progress.of(out, usual, false)).isInstanceOf(LineProgress.class);
        assertThat(Progress.of(out, Map.of("TERM", "dumb"), true)).isInstanceOf(LineProgress.class);
        assertThat(Progress.of(out, Map.of(), true)).isInstanceOf(LineProgress.class);
        assertThat(Progress.of(out, Map.of("TERM", "xterm", "CI", "true"), true))
                .isInstanceOf(LineProgress.class);
        assertThat(Progress.of(out, Map.of("TERM", "xterm", "CI", "false"), true))
                .isInstanceOf(TerminalProgress.class);
    }

    @Test
    void aTerminalIsKnownByItsEnvironment() {
        Terminal terminal =
                Terminal.of(Map.of("LC_ALL", "C", "LANG", "en_US.UTF-8", "NO_COLOR", "1", "COLUMNS", "132"));
        assertThat(terminal.unicode()).as("LC_ALL wins over LANG").isFalse();
        assertThat(terminal.colour()).isFalse();
        assertThat(terminal.columns().getAsInt()).isEqualTo(132);
        assertThat(Terminal.of(Map.of("LANG", "de_DE.utf8", "NO_COLOR", "")).unicode())
                .isTrue();
        assertThat(Terminal.of(Map.of("NO_COLOR", "")).colour()).isTrue();
        assertThat(Terminal.of(Map.of("COLUMNS", "3")).columns().getAsInt()).isEqualTo(20);
        assertThat(Terminal.of(Map.of("COLUMNS", "x; rm -rf /")).columns().getAsInt())
                .isGreaterThanOrEqualTo(20);
    }

    @Test
    void timesAndRatesReadWell() {
        assertThat(Wording.duration(0.04)).isEqualTo("0.0 s");
        assertThat(Wording.duration(9.94)).isEqualTo("9.9 s");
        assertThat(Wording.duration(9.96)).isEqualTo("10 s");
        assertThat(Wording.duration(59.6)).isEqualTo("1 min 00 s");
        assertThat(Wording.duration(3599.7)).isEqualTo("1 h 00 min");
        assertThat(Wording.rate(9.94)).isEqualTo("9.9/s");
        assertThat(Wording.rate(12345.6)).isEqualTo("12,346/s");
        assertThat(Wording.rate(0.02)).isEqualTo("50 s each");
    }

    private String[] lines() {
        return out.toString(StandardCharsets.UTF_8).split("\n");
    }

    private void wait(Duration duration) {
        clock.addAndGet(duration.toNanos());
    }
}
