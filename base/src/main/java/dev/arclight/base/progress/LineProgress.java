package dev.arclight.base.progress;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Plain lines for a log: one when a task begins, one every few seconds while it moves, one when it ends.
 *
 * <pre>
 * sweep: 32 trials
 * sweep: 14 of 32 trials (43 %), 2.1/s, 8.6 s left; best AUC 0.8950
 * sweep: done, 32 trials in 15 s; best AUC 0.8987
 * </pre>
 */
final class LineProgress implements Progress {
    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final OutputStream out;
    private final LongSupplier nanoTime;
    private final Object lock = new Object();

    LineProgress(OutputStream out, LongSupplier nanoTime) {
        this.out = out;
        this.nanoTime = nanoTime;
    }

    @Override
    public Task start(String label, long total, String unit) {
        long now = nanoTime.getAsLong();
        Work work = new Work(label, total, unit, now);
        print(total == 0 ? work.label : work.label + ": " + Wording.count(total) + " " + Wording.clean(unit));
        return new Lines(work, now);
    }

    @Override
    public void message(String line) {
        line.lines().map(Wording::clean).forEach(this::print);
    }

    private void print(String line) {
        synchronized (lock) {
            try {
                out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
                out.flush();
            } catch (IOException e) {
                // Nobody reads: the work itself must go on.
            }
        }
    }

    private final class Lines implements Task {
        private final Work work;
        private final AtomicLong nextLine;
        private final AtomicBoolean over = new AtomicBoolean();

        Lines(Work work, long now) {
            this.work = work;
            this.nextLine = new AtomicLong(now + INTERVAL_NANOS);
        }

        @Override
        public void advance(long units) {
            work.advance(units);
            moved();
        }

        @Override
        public void moveTo(long units) {
            work.moveTo(units);
            moved();
        }

        @Override
        public void note(String remark) {
            work.note(remark);
        }

        @Override
        public void fail(String reason) {
            if (over.compareAndSet(false, true)) {
                print(work.label + ": FAILED after " + spent(", ") + ": " + Wording.clean(reason));
            }
        }

        @Override
        public void close() {
            if (over.compareAndSet(false, true)) {
                print(work.label + ": done, " + spent(" in ") + note());
            }
        }

        private void moved() {
            long now = nanoTime.getAsLong();
            long due = nextLine.get();
            // Of many threads that find a line due, one prints it.
            if (now - due < 0 || over.get() || !nextLine.compareAndSet(due, now + INTERVAL_NANOS)) {
                return;
            }
            List<String> parts = new ArrayList<>();
            parts.add(work.counted()
                    + (work.total > 0 ? " (%d %%)".formatted((int) Math.floor(work.share() * 100)) : ""));
            parts.add(work.rate(now));
            parts.add(work.left(now));
            parts.removeIf(String::isBlank);
            if (parts.isEmpty()) {
                parts.add(Wording.duration(work.seconds(now)) + " so far");
            }
            print(work.label + ": " + String.join(", ", parts) + note());
        }

        private String spent(String between) {
            String counted = work.counted();
            return (counted.isEmpty() ? "" : counted + between) + Wording.duration(work.seconds(nanoTime.getAsLong()));
        }

        private String note() {
            return work.note().isEmpty() ? "" : "; " + work.note();
        }
    }
}
