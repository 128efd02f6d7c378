package dev.arclight.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Programs in Go, built from pinned modules and kept in the user's cache. */
final class GoProgram {
    private static final Duration BUILD_TIMEOUT = Duration.ofMinutes(15);

    private GoProgram() {}

    /**
     * The path of a program, built if needed; skips the test where there is no Go.
     *
     * @param module such as {@code github.com/fsouza/fake-gcs-server}; the program has the name of its last part
     * @param version such as {@code v1.56.1}
     */
    static Path open(String module, String version) {
        Path go = Needs.program("go");
        String name = module.substring(module.lastIndexOf('/') + 1);
        return InstalledOnce.folder("test-go", name, module + "@" + version, folder -> {
                    Files.createDirectories(folder);
                    Processes.run(
                            BUILD_TIMEOUT,
                            Map.of("GOBIN", folder.toString()),
                            List.of(go.toString(), "install", module + "@" + version));
                })
                .resolve(name);
    }
}
