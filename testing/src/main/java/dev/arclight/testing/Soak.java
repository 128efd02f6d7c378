package dev.arclight.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * What a JUnit class tagged {@code soak} takes from and gives back to {@code bench/soak}, which runs it: how long, and
 * what it found.
 */
public final class Soak {
    private Soak() {}

    /** The number given as {@code -Darclight.soak.NAME} by the soak's script, or the default. */
    public static int number(String name, int otherwise) {
        return Integer.getInteger("arclight.soak." + name, otherwise);
    }

    /**
     * Gives the findings to {@code bench/soak}; where the class was started by hand, prints them.
     *
     * @param json a JSON object, one line or more
     */
    public static void report(String json) {
        String path = System.getProperty("arclight.soak.report");
        if (path == null) {
            System.out.println(json);
            return;
        }
        try {
            Path whole = Path.of(path);
            Path part = whole.resolveSibling(whole.getFileName() + ".part");
            Files.writeString(part, json);
            Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write the soak's report " + path, e);
        }
    }
}
