package dev.arclight.torch;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.addon.AddOns;
import dev.arclight.model.Predictor;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Where PyTorch's jars are on this machine, and the class path of a worker process. */
final class TorchLibrary {
    /** The folder below that of the add-on. */
    static final String LIB = "lib";

    private TorchLibrary() {}

    /**
     * The class path of a worker.
     *
     * @throws ArclightException NOT_FOUND if PyTorch is not installed here
     */
    static String workerClassPath() {
        List<String> path = new ArrayList<>();
        for (Class<?> ours : List.of(
                TorchLibrary.class,
                Predictor.class,
                ArclightException.class,
                ObjectMapper.class,
                JsonFactory.class,
                JsonProperty.class)) {
            path.add(location(ours));
        }
        path.addAll(jars(System.getenv(), System.getProperty("java.class.path", "")));
        return String.join(File.pathSeparator, path);
    }

    /** PyTorch's jars: those on the class path, or those of the add-on. */
    static List<String> jars(Map<String, String> environment, String classPath) {
        List<String> present = Arrays.stream(classPath.split(File.pathSeparator, -1))
                .filter(entry -> Path.of(entry).getFileName() != null
                        && Path.of(entry).getFileName().toString().matches("(pytorch|openblas|javacpp)-\\d.*\\.jar"))
                .toList();
        if (!present.isEmpty()) {
            return present;
        }
        Path lib = AddOns.folder(environment).resolve("torch").resolve(LIB);
        if (Files.isDirectory(lib)) {
            try (Stream<Path> files = Files.list(lib)) {
                return files.map(Path::toString)
                        .filter(name -> name.endsWith(".jar"))
                        .sorted()
                        .toList();
            } catch (IOException e) {
                throw new ArclightException(
                        ErrorCode.UNAVAILABLE, "Cannot read %s: %s".formatted(lib, e.getMessage()), e);
            }
        }
        throw ArclightException.notFound(
                "PyTorch is not installed on %s (no folder %s): run 'arclight install torch' there"
                        .formatted(host(), lib));
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (IOException e) {
            return "this machine";
        }
    }

    private static String location(Class<?> of) {
        try {
            return Path.of(of.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException("No place of " + of, e);
        }
    }
}
