package dev.arclight.tables.lake;

import dev.arclight.base.ArclightException;
import dev.arclight.base.addon.AddOns;
import dev.arclight.engine.addon.PinnedJar;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Gives sessions the classes of formats whose add-ons are installed. */
public final class LakeLibraries {
    /** The folder below that of an add-on; not {@code lib}, so that only sessions that want the jars have them. */
    static final String JARS = "jars";

    private LakeLibraries() {}

    /**
     * The formats that some of {@code tables} are written in (see {@link LakeTable#parse}), made known to sessions that
     * the calling thread starts from now on.
     *
     * @return settings for {@code EngineOptions.start}; empty if all are plain paths
     */
    public static Map<String, String> forTables(Collection<String> tables, Map<String, String> environment) {
        TreeSet<LakeFormat> formats = new TreeSet<>();
        tables.forEach(text -> LakeTable.parse(text).ifPresent(table -> formats.add(table.format())));
        return use(formats, environment);
    }

    /**
     * Makes {@code formats} known to sessions that the calling thread starts from now on: their jars are put behind its
     * context class loader, where Spark looks, and sent to executors.
     *
     * @param environment as {@link System#getenv()}
     * @return Spark's own settings for the session
     * @throws ArclightException NOT_FOUND if an add-on is not installed
     */
    public static Map<String, String> use(Collection<LakeFormat> formats, Map<String, String> environment) {
        Map<String, String> settings = new LinkedHashMap<>();
        List<Path> jars = new ArrayList<>();
        for (LakeFormat format : new TreeSet<>(formats)) {
            Path folder = AddOns.folder(environment).resolve(format.text()).resolve(JARS);
            for (PinnedJar jar : format.jars()) {
                Path file = folder.resolve(jar.fileName());
                if (!Files.isRegularFile(file)) {
                    throw ArclightException.notFound("%s tables need an add-on that is not installed (no %s in %s): run"
                                    .formatted(format.text(), jar.fileName(), folder)
                            + " 'arclight install " + format.text() + "'");
                }
                jars.add(file);
            }
            settings.putAll(format.sparkSettings());
        }
        if (jars.isEmpty()) {
            return Map.of();
        }
        settings.put(
                "spark.jars", jars.stream().map(jar -> jar.toUri().toString()).collect(Collectors.joining(",")));
        Thread thread = Thread.currentThread();
        // Not closed: the session's threads load classes from it until the process ends.
        thread.setContextClassLoader(new URLClassLoader(
                jars.stream().map(LakeLibraries::url).toArray(URL[]::new), thread.getContextClassLoader()));
        return settings;
    }

    private static URL url(Path jar) {
        try {
            return jar.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException("Not a URL: " + jar, e);
        }
    }
}
