package dev.arclight.model.onnx;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.addon.AddOns;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds ONNX Runtime: on the class path, or where {@code arclight install onnx} puts it. */
final class OnnxLibrary {
    /** The folder of jars below that of the add-on; not {@code lib}, so that no other start has them. */
    static final String JARS = "onnx/jars";

    private static final String RUNTIME = "dev.arclight.model.onnx.runtime.OrtGraphs";

    /** One a process: a second copy of the native library would be unpacked and loaded beside the first. */
    private static @Nullable Graphs loaded;

    private OnnxLibrary() {}

    /**
     * The library, loaded.
     *
     * @param what the model that needs it, for the message
     * @throws ArclightException NOT_FOUND if it is not on this machine, UNAVAILABLE if it cannot be loaded
     */
    static synchronized Graphs load(String what, Map<String, String> environment) {
        Graphs graphs = loaded;
        if (graphs == null) {
            graphs = graphs(loader(what, environment));
            loaded = graphs;
        }
        return graphs;
    }

    /** Lives as long as the process: what it loads is the library's native code. */
    private static ClassLoader loader(String what, Map<String, String> environment) {
        ClassLoader ours = OnnxLibrary.class.getClassLoader();
        if (ours.getResource("ai/onnxruntime/OrtEnvironment.class") != null) {
            return ours;
        }
        Path folder = AddOns.folder(environment).resolve(JARS);
        try {
            return new RuntimeClassLoader(jar(what, folder), ours);
        } catch (IOException e) {
            throw new ArclightException(
                    ErrorCode.UNAVAILABLE, "Cannot read %s: %s".formatted(folder, e.getMessage()), e);
        }
    }

    private static URL jar(String what, Path folder) throws IOException {
        if (Files.isRegularFile(folder.resolve(".complete"))) {
            try (Stream<Path> files = Files.list(folder)) {
                List<Path> jars = files.filter(file -> file.toString().endsWith(".jar"))
                        .sorted()
                        .toList();
                if (!jars.isEmpty()) {
                    return jars.get(0).toUri().toURL();
                }
            }
        }
        throw ArclightException.notFound(
                "%s is an ONNX graph, and ONNX Runtime is not installed on %s (not in %s): run 'arclight install onnx' there, or put com.microsoft.onnxruntime:onnxruntime on the class path"
                        .formatted(what, host(), folder));
    }

    private static Graphs graphs(ClassLoader loader) {
        try {
            return Class.forName(RUNTIME, true, loader)
                    .asSubclass(Graphs.class)
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException | LinkageError e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new ArclightException(
                    ErrorCode.UNAVAILABLE,
                    "ONNX Runtime cannot be loaded (it is made for Linux with glibc and for macOS on aarch64, and unpacks its native library in %s): %s"
                            .formatted(System.getProperty("java.io.tmpdir"), cause),
                    e);
        }
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (IOException e) {
            return "this machine";
        }
    }
}
