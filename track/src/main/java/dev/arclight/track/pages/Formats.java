package dev.arclight.track.pages;

import dev.arclight.base.report.PageParts;
import dev.arclight.track.Run;
import dev.arclight.track.RunStatus;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Values as a person reads them. */
final class Formats {
    private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

    private Formats() {}

    static String number(double value) {
        return Double.isNaN(value) ? "NaN" : PageParts.number(value);
    }

    static String count(long count, String one, String many) {
        return "%s %s".formatted(String.format(Locale.ROOT, "%,d", count), count == 1 ? one : many);
    }

    /** A time that the page's script turns into the reader's zone. */
    static Html time(Html html, long millis) {
        Instant instant = Instant.ofEpochMilli(millis);
        return html.element(
                "time", MINUTE.format(instant.atOffset(ZoneOffset.UTC)) + " UTC", "datetime", instant.toString());
    }

    static String duration(Run run, long nowMillis) {
        long end = run.endMillis().isPresent() ? run.endMillis().getAsLong() : nowMillis;
        if (run.endMillis().isEmpty() && run.status().isTerminal()) {
            return "–";
        }
        long millis = Math.max(0, end - run.startMillis());
        if (millis < 60_000) {
            return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
        }
        long seconds = millis / 1000;
        if (seconds < 3600) {
            return "%d min %d s".formatted(seconds / 60, seconds % 60);
        }
        return seconds < 86_400
                ? "%d h %d min".formatted(seconds / 3600, seconds / 60 % 60)
                : "%d d %d h".formatted(seconds / 86_400, seconds / 3600 % 24);
    }

    static String bytes(long bytes) {
        if (bytes < 1000) {
            return bytes + " B";
        }
        double size = bytes;
        String[] units = {"kB", "MB", "GB", "TB"};
        int unit = -1;
        while (size >= 999.5 && unit < units.length - 1) {
            size /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, size < 9.95 ? "%.1f %s" : "%.0f %s", size, units[unit]);
    }

    /** A coloured word; the word says it too. */
    static Html status(Html html, RunStatus status) {
        String name = status.name().toLowerCase(Locale.ROOT);
        return html.element("span", name, "class", "status " + name);
    }

    static String shortened(String text, int length) {
        return text.length() <= length
                ? text
                : text.substring(
                                0,
                                text.offsetByCodePoints(0, Math.min(length, text.codePointCount(0, text.length())) - 1))
                        + "…";
    }
}
