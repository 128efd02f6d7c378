package dev.arclight.serve;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** A script among the test resources. */
final class PythonScript {
    private PythonScript() {}

    /** Copies it into {@code folder}, where Python can read it. */
    static Path copy(String name, Path folder) throws IOException {
        try (InputStream in = PythonScript.class.getResourceAsStream("/python/" + name)) {
            return Files.write(
                    folder.resolve(name), Objects.requireNonNull(in, name).readAllBytes());
        }
    }
}
