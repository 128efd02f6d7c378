package dev.arclight.engine.sparkhome;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.spark.SparkBuildInfo;

/**
 * A Spark installation of the same version as ours. What it has and we have not is used here; what we have and it has
 * not is sent to its executors.
 *
 * @param folder holds {@code bin} and {@code jars}
 * @param jars the files in {@code jars} by name
 */
record SparkHome(Path folder, Map<String, Path> jars) {
    private static final String CORE = "spark-core_2.13-";

    SparkHome {
        jars = Map.copyOf(jars);
    }

    /**
     * The installation that {@code SPARK_HOME} names.
     *
     * @param why what needs it, the beginning of a sentence: {@code Master yarn}
     * @throws ArclightException NOT_FOUND, BAD_INPUT if there is none or one of another version
     */
    static SparkHome find(Map<String, String> environment, String why) {
        String version = SparkBuildInfo.spark_version();
        String home = environment.getOrDefault("SPARK_HOME", "");
        if (home.isEmpty()) {
            throw ArclightException.notFound(
                    "%s needs an installation of Spark %s: set SPARK_HOME to its folder".formatted(why, version));
        }
        Path folder = Path.of(home).toAbsolutePath();
        Map<String, Path> jars = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder.resolve("jars"))) {
            files.filter(file -> file.toString().endsWith(".jar"))
                    .forEach(file -> jars.put(file.getFileName().toString(), file));
        } catch (IOException e) {
            throw new ArclightException(
                    ErrorCode.NOT_FOUND,
                    "%s needs Spark's jars, but SPARK_HOME is %s, where there is no readable folder jars"
                            .formatted(why, folder),
                    e);
        }
        Optional<String> found = jars.keySet().stream()
                .filter(name -> name.startsWith(CORE))
                .map(name -> name.substring(CORE.length(), name.length() - ".jar".length()))
                .findFirst();
        if (found.isEmpty() || !found.get().equals(version)) {
            throw ArclightException.badInput(
                    "%s: SPARK_HOME is %s, which holds %s, but drivers and executors must both be Spark %s for Scala 2.13"
                            .formatted(
                                    why,
                                    folder,
                                    found.map(other -> "Spark " + other).orElse("no Spark for Scala 2.13"),
                                    version));
        }
        return new SparkHome(folder, jars);
    }

    /** Fails if it was built without a module, such as {@code spark-yarn}. */
    SparkHome requireModule(String module, String why) {
        if (jars.keySet().stream().noneMatch(name -> name.startsWith(module + "_"))) {
            throw ArclightException.notFound(
                    "%s needs the module %s, which the Spark in %s was built without".formatted(why, module, folder));
        }
        return this;
    }

    /** Its jars that are not on {@code classPath}, in order of name. */
    List<Path> jarsBeyond(String classPath) {
        Set<String> ours = new TreeSet<>();
        entries(classPath).forEach(entry -> ours.add(entry.getFileName().toString()));
        return new TreeMap<>(jars)
                .entrySet().stream()
                        .filter(jar -> !ours.contains(jar.getKey()))
                        .map(Map.Entry::getValue)
                        .toList();
    }

    /** The jars of {@code classPath} that it has not, in their order. */
    List<Path> jarsMissing(String classPath) {
        List<Path> missing = new ArrayList<>();
        for (Path entry : entries(classPath)) {
            if (Files.isRegularFile(entry)
                    && !jars.containsKey(entry.getFileName().toString())) {
                missing.add(entry);
            }
        }
        return missing;
    }

    private static List<Path> entries(String classPath) {
        return Arrays.stream(classPath.split(File.pathSeparator, -1))
                .filter(entry -> !entry.isEmpty())
                .map(Path::of)
                .toList();
    }
}
