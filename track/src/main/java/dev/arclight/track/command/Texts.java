package dev.arclight.track.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.arclight.track.Run;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.OptionalInt;

/** How values are shown to a person. */
final class Texts {
    private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);
    private static final ObjectMapper JSON = new ObjectMapper();

    private Texts() {}

    static String json(Object value) {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Plain values are always JSON", e);
        }
    }

    static String time(long millis) {
        return MINUTE.format(Instant.ofEpochMilli(millis).atZone(ZoneId.systemDefault()));
    }

    static String duration(Run run) {
        if (run.endMillis().isEmpty()) {
            return "";
        }
        long millis = Math.max(0, run.endMillis().getAsLong() - run.startMillis());
        if (millis < 60_000) {
            return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
        }
        long seconds = millis / 1000;
        return seconds < 3600
                ? "%d min %d s".formatted(seconds / 60, seconds % 60)
                : "%d h %d min".formatted(seconds / 3600, seconds / 60 % 60);
    }

    /** At most six significant digits, as short as can be. */
    static String number(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            return Long.toString((long) value);
        }
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return Double.toString(value);
        }
        String text = String.format(Locale.ROOT, "%.6g", value);
        if (text.contains("e") || !text.contains(".")) {
            return text;
        }
        return text.replaceAll("0+$", "").replaceAll("\\.$", "");
    }

    static String id(String runId) {
        return runId.length() > 8 ? runId.substring(0, 8) : runId;
    }

    static String version(OptionalInt version) {
        return version.isPresent() ? Integer.toString(version.getAsInt()) : "-";
    }
}
