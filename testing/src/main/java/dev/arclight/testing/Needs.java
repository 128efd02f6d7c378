package dev.arclight.testing;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * What a test needs from the machine. Where it is missing, the test is skipped by name; in the full tier ({@code mvn
 * verify -Pfull}) it fails instead.
 */
public final class Needs {
    private Needs() {}

    /** Whether this is the full tier, in which nothing may be missing. */
    public static boolean full() {
        return Boolean.getBoolean("arclight.full");
    }

    /** The root of the source tree. */
    public static Path root() {
        String root = System.getProperty("arclight.root", "");
        Path path = root.isEmpty() ? Path.of("").toAbsolutePath() : Path.of(root);
        while (path != null && !Files.exists(path.resolve("testing/pom.xml"))) {
            path = path.getParent();
        }
        if (path == null) {
            throw new IllegalStateException("No source tree above the working directory");
        }
        return path;
    }

    /**
     * The folder {@code name} of the real data that lies beside the checkout ({@code ../shared/data}, or the folder
     * named by {@code ARCLIGHT_TEST_DATA}).
     */
    public static Path data(String name) {
        String set = System.getenv("ARCLIGHT_TEST_DATA");
        Path folder = (set == null ? root().resolve("../shared/data") : Path.of(set))
                .resolve(name)
                .normalize();
        if (!Files.isDirectory(folder)) {
            throw missing("the test data '" + name + "' (set ARCLIGHT_TEST_DATA to the folder that holds it)");
        }
        return folder;
    }

    /** The path of a program, under any of its names. */
    public static Path program(String... names) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        for (String name : names) {
            for (String folder : path.split(File.pathSeparator, -1)) {
                Path candidate = Path.of(folder, name);
                if (!folder.isEmpty() && Files.isExecutable(candidate)) {
                    return candidate;
                }
            }
        }
        throw missing("the program " + String.join(" or ", Arrays.asList(names)));
    }

    /**
     * Skips the running test, or fails it in the full tier. Never returns; declared to return what the caller may
     * throw, so that the compiler sees the end of the path.
     */
    public static AssertionError missing(String what) {
        String message = "This test needs " + what + ", which is not here";
        if (full()) {
            Assertions.fail(message);
        }
        System.err.println("SKIPPED: " + message);
        Assumptions.abort(message);
        return new AssertionError("not reached");
    }
}
