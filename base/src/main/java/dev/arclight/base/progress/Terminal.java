package dev.arclight.base.progress;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/**
 * What the user's terminal can do.
 *
 * @param unicode whether it shows more than ASCII
 * @param colour whether colours are wanted
 * @param columns its width now
 */
record Terminal(boolean unicode, boolean colour, IntSupplier columns) {
    private static final int USUAL_COLUMNS = 80;
    private static final int LEAST_COLUMNS = 20;

    static Terminal of(Map<String, String> environment) {
        return new Terminal(
                isUnicode(environment),
                environment.getOrDefault("NO_COLOR", "").isEmpty(), // no-color.org: any value that is not empty
                () -> columns(environment));
    }

    /** Whether lines can be drawn over: not so in a dumb terminal (an editor's shell), nor in CI's log. */
    static boolean redraws(Map<String, String> environment) {
        String term = environment.getOrDefault("TERM", "");
        boolean windows = environment.containsKey("WT_SESSION"); // Windows Terminal sets no TERM
        boolean dumb = (term.isEmpty() && !windows) || term.equals("dumb");
        String ci = environment.getOrDefault("CI", "");
        return !dumb && (ci.isEmpty() || ci.equals("false"));
    }

    /**
     * Whether standard error is a terminal. Java has no question for it ({@code System.console()} asks about the other
     * two streams), so Linux' own table of open files is read, or {@code test -t 2} run.
     */
    static boolean isStandardError() {
        Path stream = Path.of("/proc/self/fd/2");
        if (Files.isSymbolicLink(stream)) {
            try {
                String target = Files.readSymbolicLink(stream).toString();
                return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
            } catch (IOException e) {
                return false; // closed
            }
        }
        try {
            Process test = new ProcessBuilder("test", "-t", "2")
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            return test.waitFor(1, TimeUnit.SECONDS) && test.exitValue() == 0;
        } catch (IOException e) {
            return false; // Windows without a Unix shell's tools: lines will do
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static boolean isUnicode(Map<String, String> environment) {
        for (String name : new String[] {"LC_ALL", "LC_CTYPE", "LANG"}) {
            String locale = environment.getOrDefault(name, "");
            if (!locale.isEmpty()) {
                String lower = locale.toLowerCase(Locale.ROOT);
                return lower.contains("utf-8") || lower.contains("utf8");
            }
        }
        return environment.containsKey("WT_SESSION");
    }

    private static int columns(Map<String, String> environment) {
        int said = number(environment.getOrDefault("COLUMNS", ""));
        int columns = said > 0 ? said : asked();
        return Math.max(LEAST_COLUMNS, columns > 0 ? columns : USUAL_COLUMNS);
    }

    /** Asks the terminal by {@code stty size}, which prints rows and columns; 0 where that does not work. */
    private static int asked() {
        File terminal = new File("/dev/tty");
        if (!terminal.exists()) {
            return 0;
        }
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(terminal)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!stty.waitFor(1, TimeUnit.SECONDS)) {
                stty.destroyForcibly();
                return 0;
            }
            String[] size = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                    .strip()
                    .split(" ", -1);
            return size.length == 2 ? number(size[1]) : 0;
        } catch (IOException e) {
            return 0; // no stty here, or no controlling terminal
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    private static int number(String text) {
        return text.matches("[1-9][0-9]{0,4}") ? Integer.parseInt(text) : 0;
    }
}
