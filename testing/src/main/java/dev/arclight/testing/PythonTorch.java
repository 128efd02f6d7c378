package dev.arclight.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Debian's PyTorch (docs/decisions/096) for Pythons of the same version that have Ray: it and nothing beside it. */
public final class PythonTorch {
    private PythonTorch() {}

    /** Debian's Python, with PyTorch. */
    public static Path python() {
        Path python = Path.of("/usr/bin/python3");
        String found = find(python);
        if (found.isEmpty()) {
            throw Needs.missing("Python with PyTorch (Debian's package python3-torch)");
        }
        return python;
    }

    /** Makes {@code site} a folder that brings the package {@code torch} and no other, for PYTHONPATH. */
    public static void linkInto(Path site) throws IOException {
        Path torch = Path.of(find(python()));
        Files.createSymbolicLink(site.resolve("torch"), torch);
    }

    private static String find(Path python) {
        if (!Files.isExecutable(python)) {
            return "";
        }
        Processes.Finished finished = Processes.finish(
                Duration.ofMinutes(1),
                Map.of(),
                List.of(python.toString(), "-c", "import torch, os; print(os.path.dirname(torch.__file__))"));
        return finished.exitCode() == 0 ? finished.output().strip() : "";
    }
}
