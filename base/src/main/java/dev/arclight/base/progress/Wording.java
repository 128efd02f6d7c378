package dev.arclight.base.progress;

import java.util.Locale;

/** Amounts and times as short text, and text cut to a width. */
final class Wording {
    private Wording() {}

    /** 0.4 s, 41 s, 3 min 05 s, 2 h 10 min. */
    static String duration(double seconds) {
        if (seconds < 9.95) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        long whole = Math.round(seconds);
        if (whole < 60) {
            return whole + " s";
        }
        if (whole < 3600) {
            return String.format(Locale.ROOT, "%d min %02d s", whole / 60, whole % 60);
        }
        long minutes = Math.round(seconds / 60);
        return String.format(Locale.ROOT, "%d h %02d min", minutes / 60, minutes % 60);
    }

    static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** 1,200/s, 12/s, 2.1/s, and below one in ten seconds: 14 s each. */
    static String rate(double perSecond) {
        if (perSecond < 0.1) {
            return duration(1 / perSecond) + " each";
        }
        return String.format(Locale.ROOT, perSecond < 9.95 ? "%.1f/s" : "%,.0f/s", perSecond);
    }

    /** One line that cannot steer a terminal: control characters become blanks. */
    static String clean(String text) {
        return text.replaceAll("[\\p{Cc}\\p{Cf}\u2028\u2029]+", " ").strip();
    }

    /** How many columns {@code text} takes: East Asian characters and emoji take two, combining ones none. */
    static int columns(String text) {
        return text.codePoints().map(Wording::columns).sum();
    }

    /** {@code text} if it fits, otherwise its beginning and an ellipsis; empty where there is no room at all. */
    static String cut(String text, int columns, String ellipsis) {
        if (columns(text) <= columns) {
            return text;
        }
        int room = columns - columns(ellipsis);
        StringBuilder out = new StringBuilder();
        for (int codePoint : text.codePoints().toArray()) {
            room -= columns(codePoint);
            if (room < 0) {
                break;
            }
            out.appendCodePoint(codePoint);
        }
        return out.isEmpty() ? "" : out.append(ellipsis).toString();
    }

    private static int columns(int codePoint) {
        int type = Character.getType(codePoint);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK) {
            return 0;
        }
        // Unicode Standard Annex 11, the blocks that are wide throughout
        boolean wide = codePoint >= 0x1100
                && (codePoint <= 0x115F
                        || (codePoint >= 0x2E80 && codePoint <= 0xA4CF && codePoint != 0x303F)
                        || (codePoint >= 0xAC00 && codePoint <= 0xD7A3)
                        || (codePoint >= 0xF900 && codePoint <= 0xFAFF)
                        || (codePoint >= 0xFE30 && codePoint <= 0xFE6F)
                        || (codePoint >= 0xFF00 && codePoint <= 0xFF60)
                        || (codePoint >= 0xFFE0 && codePoint <= 0xFFE6)
                        || (codePoint >= 0x1F300 && codePoint <= 0x1F64F)
                        || (codePoint >= 0x1F900 && codePoint <= 0x1F9FF)
                        || (codePoint >= 0x20000 && codePoint <= 0x3FFFD));
        return wide ? 2 : 1;
    }
}
