package dev.arclight.ray;

import dev.arclight.base.ArclightException;
import dev.arclight.engine.Master;
import java.io.File;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The class path of executors: the driver's, then Ray's jar. In this order Spark's libraries win over those that Ray's
 * jar carries, and the driver's class archive (AppCDS), which is valid for every class path that begins with its own,
 * serves executors too.
 *
 * @param text as {@code java -cp} takes it
 * @param archive the class archive of this process, or empty
 */
record ExecutorClassPath(String text, List<Path> archive) {
    private static final String ARCHIVE = "-XX:SharedArchiveFile=";

    /** From this process. */
    static ExecutorClassPath ofThisProcess(Path rayJar) {
        Set<String> entries = new LinkedHashSet<>();
        for (String entry : System.getProperty("java.class.path", "").split(File.pathSeparator, -1)) {
            if (!entry.isEmpty()) {
                entries.add(Path.of(entry).toAbsolutePath().toString());
            }
        }
        // Where spark-submit loaded us from a --jars option, the class path of the JVM does not have us.
        for (Class<?> ours : List.of(ExecutorClassPath.class, Master.class, ArclightException.class)) {
            try {
                entries.add(Path.of(ours.getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toURI())
                        .toString());
            } catch (URISyntaxException e) {
                throw new IllegalStateException("No place of " + ours, e);
            }
        }
        entries.add(rayJar.toString());
        return new ExecutorClassPath(
                String.join(File.pathSeparator, entries),
                ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                        .filter(argument -> argument.startsWith(ARCHIVE))
                        .map(argument -> Path.of(argument.substring(ARCHIVE.length())))
                        .filter(Files::isRegularFile)
                        .toList());
    }

    /** Options by which an executor uses the archive; a node that has none starts without. */
    List<String> archiveOptions() {
        return archive.isEmpty()
                ? List.of()
                : List.of(ARCHIVE + archive.get(0), "-Xshare:auto", "-Xlog:disable", "-Xlog:all=error:stderr");
    }
}
