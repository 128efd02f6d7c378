package dev.arclight.engine.job;

import dev.arclight.base.ArclightException;
import dev.arclight.engine.EngineProvider;
import dev.arclight.engine.EngineSettings;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Collectors;

/** Runs a submitted application's {@code main} in this process, which is its driver. */
public final class Application {
    private Application() {}

    /**
     * Runs {@code main} to its end on the calling thread. Master and settings reach it as system properties, which
     * {@code Arclight.builder(..)} and Spark's own builder read; its jars are on the class path of a loader of their
     * own and reach executors by Spark's file server ({@code spark.jars}). The properties stay: one application a
     * process.
     *
     * @throws ArclightException NOT_FOUND, BAD_INPUT if there is no such class or {@code main}
     * @throws Exception what {@code main} throws
     */
    public static void run(JobRequest request) throws Exception {
        Map<String, String> properties = new LinkedHashMap<>();
        for (EngineProvider provider : ServiceLoader.load(EngineProvider.class)) {
            properties.putAll(provider.driverSettings(request.master()));
        }
        properties.put("spark.app.name", request.name());
        properties.put("spark.master", request.master().text());
        properties.put(EngineSettings.MASTER.key(), request.master().text());
        if (!request.jars().isEmpty()) {
            properties.put(
                    "spark.jars",
                    request.jars().stream().map(jar -> jar.toUri().toString()).collect(Collectors.joining(",")));
        }
        properties.putAll(request.spark());
        properties.forEach(System::setProperty);
        URLClassLoader loader = new URLClassLoader(
                request.jars().stream().map(Application::url).toArray(URL[]::new), Application.class.getClassLoader());
        // Not closed at the end: threads of the application may outlive main, and the process ends soon.
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            main(request.mainClass(), loader)
                    .invoke(null, (Object) request.arguments().toArray(String[]::new));
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Exception thrown) {
                throw thrown;
            }
            if (e.getCause() instanceof Error thrown) {
                throw thrown;
            }
            throw e;
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /**
     * The class that a jar's manifest names as {@code Main-Class}.
     *
     * @throws ArclightException BAD_INPUT if {@code jar} cannot be read as a jar
     */
    static Optional<String> mainClassOf(Path jar) {
        try (JarFile file = new JarFile(jar.toFile())) {
            Manifest manifest = file.getManifest();
            return Optional.ofNullable(manifest)
                    .map(found -> found.getMainAttributes().getValue(Attributes.Name.MAIN_CLASS));
        } catch (IOException e) {
            throw ArclightException.badInput("Cannot read %s as a jar: %s".formatted(jar, e.getMessage()));
        }
    }

    private static Method main(String name, ClassLoader loader) {
        try {
            Method main = Class.forName(name, true, loader).getMethod("main", String[].class);
            if (!Modifier.isStatic(main.getModifiers())) {
                throw ArclightException.badInput("%s.main is not static".formatted(name));
            }
            main.setAccessible(true); // public, of a class that need not be
            return main;
        } catch (ClassNotFoundException e) {
            throw ArclightException.notFound("There is no class %s in the application's jars".formatted(name));
        } catch (NoSuchMethodException e) {
            throw ArclightException.badInput("%s has no public static void main(String[])".formatted(name));
        }
    }

    private static URL url(Path jar) {
        try {
            return jar.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException("Not a URL: " + jar, e);
        }
    }
}
