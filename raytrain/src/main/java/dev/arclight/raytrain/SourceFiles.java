package dev.arclight.raytrain;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Python source to be sent.
 *
 * @param files contents by their paths below the folder, or by the name of the one file
 */
record SourceFiles(Map<String, byte[]> files) {
    private static final long MOST_BYTES = 20 << 20;

    SourceFiles {
        files = Map.copyOf(files);
    }

    /**
     * Reads a file or folder; hidden files, byte code and what is no file are left out.
     *
     * @param source empty for none
     * @throws ArclightException NOT_FOUND; BAD_INPUT above 20 MiB; UNAVAILABLE
     */
    static SourceFiles of(String source) {
        if (source.isEmpty()) {
            return new SourceFiles(Map.of());
        }
        Path root = Path.of(source).toAbsolutePath().normalize();
        if (!Files.exists(root)) {
            throw ArclightException.notFound("There is no file or folder of Python source %s".formatted(root));
        }
        Path base = Files.isDirectory(root) ? root : Objects.requireNonNull(root.getParent());
        Map<String, byte[]> files = new TreeMap<>();
        long bytes = 0;
        try (Stream<Path> all = Files.walk(root)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                Path name = base.relativize(file);
                if (isLeftOut(name)) {
                    continue;
                }
                bytes += Files.size(file);
                if (bytes > MOST_BYTES) {
                    throw ArclightException.badInput(
                            "The Python source in %s has more than %d MiB: name the folder of the module alone"
                                    .formatted(root, MOST_BYTES >> 20));
                }
                files.put(name.toString().replace('\\', '/'), Files.readAllBytes(file));
            }
        } catch (IOException e) {
            throw new ArclightException(ErrorCode.UNAVAILABLE, "Cannot read %s: %s".formatted(root, e.getMessage()), e);
        }
        return new SourceFiles(files);
    }

    private static boolean isLeftOut(Path name) {
        for (Path part : name) {
            if (part.toString().startsWith(".") || part.toString().equals("__pycache__")) {
                return true;
            }
        }
        return false;
    }
}
