package dev.arclight.base.progress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.base.progress.Progress.Task;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TerminalProgressTest {
    private final AtomicLong clock = new AtomicLong(123);
    private final Screen screen = new Screen(false);
    private final Progress progress = progress(screen, 100, true, false);

    @Test
    void aBarShowsShareCountRateAndTheTimeLeft() {
        Task sweep = progress.start("sweep", 32, "trials");
        assertThat(screen.shown()).containsExactly("sweep  " + bar(0, 28) + "    0 %  0/32 trials");
        wait(Duration.ofSeconds(4));
        sweep.advance(8);
        assertThat(screen.shown()).containsExactly("sweep  " + bar(7, 28) + "   25 %  8/32 trials  2.0/s  12 s left");
        wait(Duration.ofSeconds(1));
        sweep.note("best AUC 0.8987");
        assertThat(screen.shown())
                .containsExactly("sweep  " + bar(7, 28) + "   25 %  8/32 trials  1.6/s  15 s left  best AUC 0.8987");
        wait(Duration.ofMillis(36_200));
        sweep.moveTo(32);
        sweep.close();
        assertThat(screen.shown()).containsExactly("✓ sweep  32 trials in 41 s  best AUC 0.8987");
    }

    @Test
    void aTaskOfUnknownLengthShowsWhatIsDone() {
        Task read = progress.start("read", 0, "rows");
        assertThat(screen.shown()).containsExactly("read  0.0 s");
        wait(Duration.ofSeconds(2));
        read.advance(25_000);
        assertThat(screen.shown()).containsExactly("read  25,000 rows  12,500/s  2.0 s");
        read.close();
        assertThat(screen.shown()).containsExactly("✓ read  25,000 rows in 2.0 s");
    }

    @Test
    void aTaskThatCountsNothingShowsItsTime() {
        try (Task build = progress.start("build", 0, "")) {
            wait(Duration.ofSeconds(185));
            build.note("compiling");
            assertThat(screen.shown()).containsExactly("build  3 min 05 s  compiling");
        }
        assertThat(screen.shown()).containsExactly("✓ build  3 min 05 s  compiling");
    }

    @Test
    void tasksLineUpAndLeaveOneLineEachInTheOrderOfTheirEnds() {
        Task first = progress.start("load", 10, "files");
        Task second = progress.start("a longer name", 10, "files");
        wait(Duration.ofMillis(100));
        first.advance(5);
        assertThat(screen.shown())
                .containsExactly(
                        "load           " + bar(14, 28) + "   50 %  5/10 files",
                        "a longer name  " + bar(0, 28) + "    0 %  0/10 files");
        second.fail("disk full");
        assertThat(screen.shown())
                .containsExactly(
                        "✗ a longer name  failed after 0 of 10 files, 0.1 s: disk full",
                        "load  " + bar(14, 28) + "   50 %  5/10 files");
        first.close();
        assertThat(screen.shown())
                .containsExactly(
                        "✗ a longer name  failed after 0 of 10 files, 0.1 s: disk full",
                        "✓ load  5 of 10 files in 0.1 s");
    }

    @Test
    void messagesStandAboveTheBars() {
        progress.message("before");
        Task task = progress.start("task", 2, "steps");
        progress.message("one\ntwo");
        assertThat(screen.shown())
                .containsExactly("before", "one", "two", "task  " + bar(0, 28) + "    0 %  0/2 steps");
        task.close();
        progress.message("after");
        assertThat(screen.shown()).containsExactly("before", "one", "two", "✓ task  0 of 2 steps in 0.0 s", "after");
    }

    @Test
    void itDrawsAtMostTenTimesASecond() {
        Task task = progress.start("task", 1_000_000, "rows");
        int before = screen.received().length();
        for (int i = 0; i < 1000; i++) {
            task.advance(1);
        }
        assertThat(screen.received().length()).isEqualTo(before);
        int drawings = 0;
        for (int i = 0; i < 10_000; i++) { // ten seconds
            clock.addAndGet(1_000_000);
            int length = screen.received().length();
            task.advance(1);
            drawings += screen.received().length() > length ? 1 : 0;
        }
        assertThat(drawings).isBetween(99, 100);
    }

    @Test
    void onlyTheFirstEndCounts() {
        Task task = progress.start("task", 0, "");
        task.fail("no");
        task.fail("again");
        task.close();
        assertThat(screen.shown()).containsExactly("✗ task  failed after 0.0 s: no");
    }

    @Test
    void noLineIsWiderThanTheTerminal() {
        Random random = new Random(3);
        for (int round = 0; round < 3000; round++) {
            int columns = 20 + random.nextInt(120);
            Screen narrow = new Screen(false);
            Progress progress = progress(narrow, columns, random.nextBoolean(), false);
            for (int i = random.nextInt(3); i >= 0; i--) {
                progress.start(words(random), random.nextInt(3) * 500L, words(random))
                        .advance(random.nextInt(700));
            }
            Task last = progress.start(words(random), random.nextInt(2) * 500L, words(random));
            clock.addAndGet(random.nextInt(2_000_000_000));
            last.note(words(random));
            for (String line : narrow.shown()) {
                assertThat(Wording.columns(line))
                        .as("'%s' in %d columns", line, columns)
                        .isLessThan(columns);
            }
        }
    }

    @Test
    void textCannotSteerTheTerminal() {
        Task task = progress.start("a\033[2Jb", 0, "");
        wait(Duration.ofSeconds(1));
        task.note("x\r\ny\u009b31m");
        progress.message("\033]0;title\007message");
        task.fail("bad\033[A");
        assertThat(screen.shown()).containsExactly("]0;title message", "✗ a [2Jb  failed after 1.0 s: bad [A");
    }

    @Test
    void coloursAreLeftOutWhereTheyAreNotWanted() {
        Screen coloured = new Screen(true);
        progress(coloured, 100, true, true).start("task", 0, "").close();
        assertThat(coloured.shown()).containsExactly("\033[32m✓\033[0m task  0.0 s");
        progress.start("task", 0, "").close();
        assertThat(screen.received()).doesNotContain("\033[32m");
    }

    @Test
    void anAsciiTerminalGetsAscii() {
        Screen ascii = new Screen(false);
        Progress progress = progress(ascii, 60, false, false);
        Task task = progress.start("Größe", 4, "Züge");
        clock.addAndGet(1_000_000_000L);
        task.advance(1);
        assertThat(ascii.shown()).containsExactly("Gr??e  [###...........]   25 %  1/4 Z?ge  1.0/s  3.0 s left");
        task.close();
        assertThat(ascii.shown()).containsExactly("+ Gr??e  1 of 4 Z?ge in 1.0 s");
    }

    @Test
    void manyThreadsLeaveAScreenInOrder() throws InterruptedException {
        Progress threaded = new TerminalProgress(screen, new Terminal(true, false, () -> 100), System::nanoTime, true);
        ExecutorService pool = Executors.newFixedThreadPool(8);
        for (int i = 0; i < 40; i++) {
            String name = "task " + i;
            pool.execute(() -> {
                try (Task task = threaded.start(name, 200, "steps")) {
                    for (int j = 0; j < 200; j++) {
                        task.advance(1);
                        task.note("step " + j);
                    }
                }
                threaded.message(name + " said so");
            });
        }
        pool.shutdown();
        assertThat(pool.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        List<String> shown = screen.shown();
        assertThat(shown).hasSize(80);
        for (int i = 0; i < 40; i++) {
            String name = "task " + i;
            int done = indexOf(shown, "✓ " + name + "  200 steps in ");
            assertThat(done).isGreaterThanOrEqualTo(0);
            assertThat(shown.indexOf(name + " said so")).isGreaterThan(done);
        }
    }

    @Test
    void aReaderThatIsGoneStopsNothing() {
        Progress deaf = progress(
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("gone");
                    }
                },
                80,
                true,
                false);
        Task task = deaf.start("task", 3, "steps");
        wait(Duration.ofSeconds(1));
        task.advance(1);
        task.close();
        deaf.message("still here");
    }

    private static int indexOf(List<String> lines, String beginning) {
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).startsWith(beginning)) {
                return i;
            }
        }
        return -1;
    }

    private static String bar(int full, int length) {
        return "━".repeat(full) + "─".repeat(length - full);
    }

    private static String words(Random random) {
        List<String> words = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            words.add(List.of("sweep", "データ", "é", "0.8987", "a rather long word that goes on", "😀")
                    .get(random.nextInt(6)));
        }
        return String.join(" ", words);
    }

    private void wait(Duration duration) {
        clock.addAndGet(duration.toNanos());
    }

    private TerminalProgress progress(OutputStream out, int columns, boolean unicode, boolean colour) {
        return new TerminalProgress(out, new Terminal(unicode, colour, () -> columns), clock::get, false);
    }
}
