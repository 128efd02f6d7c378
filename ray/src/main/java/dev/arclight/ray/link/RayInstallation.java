package dev.arclight.ray.link;

import dev.arclight.base.ArclightException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A Ray wheel installed on this machine. Its jar holds the native library, so it must be of the same version as the
 * cluster: we take the one that is installed here rather than bring one.
 *
 * @param home the Python package's folder, which holds {@code jars/ray_dist.jar}
 * @param version such as {@code 2.60.0}, or {@code unknown}
 */
public record RayInstallation(Path home, String version) {
    private static final String UNKNOWN = "unknown";
    private static final Pattern VERSION = Pattern.compile("(?m)^version\\s*=\\s*[\"']([^\"']+)");

    /** The jar with Ray's Java runtime. */
    public Path jar() {
        return jarIn(home);
    }

    /** The {@code ray} program of the same environment. */
    public Path program() {
        // .../ENV/lib/python3.11/site-packages/ray
        Path environment = home.resolve("../../../..").normalize();
        return environment.resolve("bin").resolve("ray");
    }

    /** The installation whose package folder or jar is {@code path}. */
    public static RayInstallation at(Path path) {
        Path real = path.toAbsolutePath().normalize();
        Path home = Files.isRegularFile(real) ? real.resolve("../..").normalize() : real;
        if (!Files.isRegularFile(jarIn(home))) {
            throw ArclightException.notFound(
                    "No jars/ray_dist.jar in %s: give the folder of the Python package ray, or its ray_dist.jar"
                            .formatted(home));
        }
        return new RayInstallation(home, versionOf(home));
    }

    /**
     * The first of: the environment variable {@code ARCLIGHT_RAY_JAR}; the active virtual environment; that of
     * {@code PYSPARK_PYTHON}; the one that {@code ray}, then {@code python3} on the {@code PATH} belongs to; the add-on
     * of {@code arclight install ray}.
     *
     * @param addOns the folder that add-ons are installed to
     */
    public static Optional<RayInstallation> find(Map<String, String> environment, Path addOns) {
        String named = environment.get("ARCLIGHT_RAY_JAR");
        if (named != null && !named.isEmpty()) {
            return Optional.of(at(Path.of(named)));
        }
        List<Path> environments = new ArrayList<>();
        if (environment.containsKey("VIRTUAL_ENV")) {
            environments.add(Path.of(environment.get("VIRTUAL_ENV")));
        }
        String pyspark = environment.getOrDefault("PYSPARK_PYTHON", "");
        if (pyspark.startsWith("/")) {
            environments.add(Path.of(pyspark).resolve("../..").normalize());
        }
        for (String program : List.of("ray", "python3", "python")) {
            for (String folder : environment.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
                Path candidate = Path.of(folder, program);
                if (!folder.isEmpty() && Files.isExecutable(candidate)) {
                    environments.add(candidate.resolve("../..").normalize());
                    environments.add(real(candidate).resolve("../..").normalize());
                    break;
                }
            }
        }
        Path addOn = addOns.resolve("ray").resolve("python");
        if (Files.exists(addOn.resolve(".complete"))) {
            environments.add(addOn);
        }
        return environments.stream()
                .flatMap(RayInstallation::packagesIn)
                .filter(home -> Files.isRegularFile(jarIn(home)))
                .findFirst()
                .map(home -> new RayInstallation(home, versionOf(home)));
    }

    private static Stream<Path> packagesIn(Path environment) {
        List<Path> found = new ArrayList<>();
        for (String lib : List.of("lib", "lib64", "local/lib")) {
            Path folder = environment.resolve(lib);
            if (!Files.isDirectory(folder)) {
                continue;
            }
            try (DirectoryStream<Path> pythons = Files.newDirectoryStream(folder, "python3*")) {
                for (Path python : pythons) {
                    found.add(python.resolve("site-packages/ray"));
                    found.add(python.resolve("dist-packages/ray"));
                }
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot list " + folder, e);
            }
        }
        return found.stream();
    }

    private static Path jarIn(Path home) {
        return home.resolve("jars").resolve("ray_dist.jar");
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return path; // a dangling link: the caller finds nothing there
        }
    }

    /** Whether the two are of one version, as far as that is known. */
    boolean fits(RayInstallation other) {
        return version.equals(UNKNOWN) || other.version.equals(UNKNOWN) || version.equals(other.version);
    }

    static String versionOf(Path home) {
        Path file = home.resolve("_version.py");
        if (!Files.isRegularFile(file)) {
            return UNKNOWN;
        }
        try {
            Matcher matcher = VERSION.matcher(Files.readString(file));
            return matcher.find() ? matcher.group(1) : UNKNOWN;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file, e);
        }
    }
}
