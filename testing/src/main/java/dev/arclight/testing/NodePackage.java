package dev.arclight.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Node packages, pinned in {@code src/main/resources/node/NAME} of this module ({@code package.json} and its lock file)
 * and kept in the user's cache.
 */
public final class NodePackage {
    private static final Duration INSTALL_TIMEOUT = Duration.ofMinutes(10);

    private final Path folder;

    private NodePackage(Path folder) {
        this.folder = folder;
    }

    /** Opens the packages {@code name}, installing them if needed; skips the test where there is no npm. */
    public static NodePackage open(String name) {
        Needs.program("node");
        Path npm = Needs.program("npm");
        String manifest = resource(name, "package.json");
        String pins = resource(name, "package-lock.json");
        return new NodePackage(InstalledOnce.folder("test-node", name, pins, folder -> {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve("package.json"), manifest);
            Files.writeString(folder.resolve("package-lock.json"), pins);
            Processes.run(
                    INSTALL_TIMEOUT,
                    Map.of(),
                    List.of(
                            npm.toString(),
                            "ci",
                            "--prefix",
                            folder.toString(),
                            "--ignore-scripts",
                            "--no-audit",
                            "--no-fund"));
        }));
    }

    /** A program that a package brought. */
    public Path program(String name) {
        return folder.resolve("node_modules/.bin").resolve(name);
    }

    private static String resource(String name, String file) {
        String path = "/node/" + name + "/" + file;
        try (InputStream in = NodePackage.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalArgumentException("No " + path);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
