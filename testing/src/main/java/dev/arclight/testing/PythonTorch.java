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

    /**
     * Makes {@code site} a folder that brings the package {@code torch} and no other, for PYTHONPATH of the Python that
     * {@link PythonEnvironment} takes.
     */
    public static void linkInto(Path site) throws IOException {
        Path torch = Path.of(find(python()));
        String version = "import sys; print(sys.version_info[:2])";
        String ours = ask(Needs.program("python3", "python"), version);
        if (!ours.equals(ask(python(), version))) {
            throw Needs.missing("a python3 of the version for which Debian's PyTorch is built, not " + ours);
        }
        Files.createSymbolicLink(site.resolve("torch"), torch);
    }

    private static String find(Path python) {
        return Files.isExecutable(python)
                ? ask(python, "import torch, os; print(os.path.dirname(torch.__file__))")
                : "";
    }

    /** What a line of Python prints, or nothing if it fails. */
    private static String ask(Path python, String line) {
        Processes.Finished finished =
                Processes.finish(Duration.ofMinutes(1), Map.of(), List.of(python.toString(), "-c", line));
        return finished.exitCode() == 0 ? finished.output().strip() : "";
    }
}
