package dev.arclight.ray.link;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Loads Ray's jar apart from the application: the jar brings its own log4j, gson and others, and sets up log4j anew
 * when it starts. Only this package's types are shared with the application.
 */
final class RayClassLoader extends URLClassLoader {
    static {
        registerAsParallelCapable();
    }

    private static final List<String> SHARED = List.of("dev.arclight.ray.link.", "dev.arclight.base.", "org.jspecify.");
    private static final String LOG_SETTINGS = "dev/arclight/ray/actor/ray-log4j2.xml";

    private final ClassLoader application;

    /**
     * @param ours where {@code dev.arclight.ray.actor} is
     * @param ray Ray's jar
     */
    RayClassLoader(URL ours, URL ray, ClassLoader application) {
        super("ray", new URL[] {ours, ray}, ClassLoader.getPlatformClassLoader());
        this.application = application;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (SHARED.stream().anyMatch(name::startsWith)) {
            return application.loadClass(name);
        }
        return super.loadClass(name, resolve);
    }

    /** Ray's own file shows log4j's inner life on standard output. */
    @Override
    public @Nullable URL getResource(String name) {
        return super.getResource(name.equals("log4j2.xml") ? LOG_SETTINGS : name);
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
        if (name.equals("log4j2.xml")) {
            URL ours = getResource(name);
            return ours == null ? Collections.emptyEnumeration() : Collections.enumeration(List.of(ours));
        }
        return super.getResources(name);
    }
}
