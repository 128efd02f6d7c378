package dev.arclight.engine.sparkhome;

import dev.arclight.base.ArclightException;
import dev.arclight.engine.EngineProvider;
import dev.arclight.engine.Master;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Sessions on {@code yarn} and {@code k8s://URL} whose driver is this process. The platform's client comes from
 * {@code SPARK_HOME} and is put behind the context class loader, where Spark looks for it. On YARN our jars go to the
 * executors beside Spark's; on Kubernetes they are in the executors' image.
 */
public final class SparkHomeEngine implements EngineProvider {
    private final Map<String, String> environment;

    /** For ServiceLoader. */
    public SparkHomeEngine() {
        this(System.getenv());
    }

    SparkHomeEngine(Map<String, String> environment) {
        this.environment = environment;
    }

    private record Ready(String sparkMaster, Map<String, String> sparkSettings) implements Engine {
        @Override
        public void close() {
            // Nothing was started.
        }
    }

    @Override
    public Optional<Engine> prepare(Master master, Map<String, String> sparkSettings) {
        boolean yarn = master.text().equals("yarn");
        if (!yarn && !master.text().startsWith("k8s://")) {
            return Optional.empty();
        }
        String why = "Master " + master.text();
        SparkHome home = SparkHome.find(environment, why).requireModule(yarn ? "spark-yarn" : "spark-kubernetes", why);
        List<Path> behind = new ArrayList<>();
        if (yarn) {
            behind.add(configuration());
        }
        String classPath = System.getProperty("java.class.path");
        behind.addAll(home.jarsBeyond(classPath));
        Thread thread = Thread.currentThread();
        // Not closed: the session's threads load classes from it until the process ends.
        thread.setContextClassLoader(new URLClassLoader(
                behind.stream().map(SparkHomeEngine::url).toArray(URL[]::new), thread.getContextClassLoader()));
        if (!yarn) {
            return Optional.of(new Ready(master.text(), Map.of())); // the image holds our jars
        }
        String ours = home.jarsMissing(classPath).stream()
                .map(jar -> jar.toUri().toString())
                .collect(Collectors.joining(","));
        // No page unless asked for: YARN adds a filter to it while Spark, which starts, may go through its filters.
        return Optional.of(new Ready(master.text(), Map.of("spark.yarn.dist.jars", ours, "spark.ui.enabled", "false")));
    }

    private Path configuration() {
        for (String name : List.of("HADOOP_CONF_DIR", "YARN_CONF_DIR")) {
            String folder = environment.getOrDefault(name, "");
            if (!folder.isEmpty()) {
                Path path = Path.of(folder).toAbsolutePath();
                if (!Files.isRegularFile(path.resolve("yarn-site.xml"))) {
                    throw ArclightException.notFound(
                            "Master yarn: %s is %s, where there is no yarn-site.xml".formatted(name, folder));
                }
                return path;
            }
        }
        throw ArclightException.notFound(
                "Master yarn needs the cluster's configuration: set HADOOP_CONF_DIR to the folder of its yarn-site.xml");
    }

    private static URL url(Path path) {
        try {
            return path.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException("Not a URL: " + path, e);
        }
    }
}
