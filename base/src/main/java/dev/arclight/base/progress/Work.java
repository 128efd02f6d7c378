package dev.arclight.base.progress;

import java.util.concurrent.atomic.AtomicLong;

/** What is known of one piece of work under way. Safe for use by many threads. */
final class Work {
    /** A rate needs some time to mean anything. */
    private static final double SETTLED_SECONDS = 1;

    final String label;
    final long total;
    private final String unit;
    private final long startNanos;
    private final AtomicLong done = new AtomicLong();
    private volatile String note = "";

    Work(String label, long total, String unit, long startNanos) {
        if (total < 0) {
            throw new IllegalArgumentException("Negative total of '" + label + "': " + total);
        }
        this.label = Wording.clean(label);
        this.total = total;
        this.unit = Wording.clean(unit);
        this.startNanos = startNanos;
    }

    void advance(long units) {
        done.addAndGet(units);
    }

    void moveTo(long units) {
        done.set(units);
    }

    void note(String remark) {
        note = Wording.clean(remark);
    }

    String note() {
        return note;
    }

    /** 0 to 1; 0 where the total is not known. */
    double share() {
        return total == 0 ? 0 : Math.min(1, Math.max(0, done.get() / (double) total));
    }

    /** "32 trials", or "14 of 32 trials" while some are missing; empty where nothing was counted. */
    String counted() {
        long now = done.get();
        if (total == 0 && now == 0) {
            return "";
        }
        String of = total == 0 || now == total ? "" : " of " + Wording.count(total);
        return Wording.count(now) + of + " " + unit;
    }

    /** "14/32 trials" for a bar. */
    String countedShort() {
        long now = done.get();
        if (total == 0) {
            return now == 0 ? "" : Wording.count(now) + " " + unit;
        }
        return Wording.count(now) + "/" + Wording.count(total) + " " + unit;
    }

    double seconds(long nanos) {
        return Math.max(0, nanos - startNanos) / 1e9;
    }

    /** "2.1/s", or empty as long as it says nothing. */
    String rate(long nanos) {
        double seconds = seconds(nanos);
        long now = done.get();
        return seconds < SETTLED_SECONDS || now <= 0 ? "" : Wording.rate(now / seconds);
    }

    /** The time that the rest takes at the mean pace so far; empty as long as it is not known. */
    String left(long nanos) {
        double seconds = seconds(nanos);
        long now = done.get();
        if (total == 0 || now <= 0 || now >= total || seconds < SETTLED_SECONDS) {
            return "";
        }
        return Wording.duration(seconds / now * (total - now)) + " left";
    }
}
