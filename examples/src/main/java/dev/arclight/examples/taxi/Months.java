package dev.arclight.examples.taxi;

import dev.arclight.base.ArclightException;
import java.io.Serializable;
import java.time.DateTimeException;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The months that a run is about. A file of January holds some trips of the 31 December; if these came into the output,
 * converting January alone would put them in the place of all of December.
 *
 * @param months in order; empty: any
 */
record Months(List<YearMonth> months) implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final Pattern IN_NAME = Pattern.compile("(?<!\\d)(20\\d\\d)-(0[1-9]|1[0-2])(?!\\d)");

    Months {
        months = List.copyOf(new TreeSet<>(months));
    }

    /** All months from {@code from} to {@code to}, both included. */
    static Months range(YearMonth from, YearMonth to) {
        if (to.isBefore(from)) {
            throw ArclightException.badInput("The months end (%s) before they begin (%s)".formatted(to, from));
        }
        TreeSet<YearMonth> all = new TreeSet<>();
        for (YearMonth month = from; !month.isAfter(to); month = month.plusMonths(1)) {
            all.add(month);
        }
        return new Months(List.copyOf(all));
    }

    /** The months that the names of {@code files} tell; any month, if some name tells none. */
    static Months named(Collection<String> files) {
        TreeSet<YearMonth> all = new TreeSet<>();
        for (String file : files) {
            Matcher matcher = IN_NAME.matcher(file.substring(file.lastIndexOf('/') + 1));
            if (!matcher.find()) {
                return new Months(List.of());
            }
            all.add(YearMonth.of(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2))));
        }
        return new Months(List.copyOf(all));
    }

    /** Reads {@code 2019-01}, or {@code 2019-01..2019-03}. */
    static Months parse(String text) {
        String[] ends = text.split("\\.\\.", -1);
        if (ends.length > 2) {
            throw ArclightException.badInput("Months are 2019-01 or 2019-01..2019-03, not '" + text + "'");
        }
        return range(month(ends[0]), month(ends[ends.length - 1]));
    }

    static YearMonth month(String text) {
        try {
            return YearMonth.parse(text.strip());
        } catch (DateTimeException e) {
            throw ArclightException.badInput("A month is written like 2019-01, not '%s'".formatted(text));
        }
    }

    /** Begin and end of runs of months, in seconds, so that a row costs two comparisons. */
    long[] bounds() {
        TreeSet<Long> borders = new TreeSet<>();
        for (YearMonth month : months) {
            toggle(borders, month);
            toggle(borders, month.plusMonths(1));
        }
        return borders.stream().mapToLong(Long::longValue).toArray();
    }

    private static void toggle(TreeSet<Long> borders, YearMonth month) {
        long second = month.atDay(1).atStartOfDay().toEpochSecond(ZoneOffset.UTC);
        if (!borders.add(second)) {
            borders.remove(second); // the end of one run is the start of the next
        }
    }

    static boolean lacks(long second, long[] bounds) {
        for (int i = 0; i < bounds.length; i += 2) {
            if (second >= bounds[i] && second < bounds[i + 1]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        if (months.isEmpty()) {
            return "any month";
        }
        YearMonth first = months.get(0);
        YearMonth last = months.get(months.size() - 1);
        return first.equals(last) ? first.toString() : first + " to " + last;
    }
}
