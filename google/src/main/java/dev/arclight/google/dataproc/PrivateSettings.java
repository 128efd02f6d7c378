package dev.arclight.google.dataproc;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Settings that hold secrets. Dataproc shows a job's properties to everyone who may look at the job, so these go into a
 * file beside the jars, which only readers of the bucket see; this class, in a jar of its own, is then the driver's
 * first one, reads the file and goes on with the application's. It needs nothing but Hadoop, which is there.
 */
public final class PrivateSettings {
    /** As Spark's {@code spark.redaction.regex}, and names of keys besides. */
    private static final Pattern SECRET =
            Pattern.compile("(?i)secret|password|passphrase|token|access[.-]?key|account[.-]?key|private[.-]?key");

    private PrivateSettings() {}

    /** Those of {@code settings} whose names say that they hold secrets. */
    static Map<String, String> of(Map<String, String> settings) {
        Map<String, String> secret = new LinkedHashMap<>(settings);
        secret.keySet().removeIf(key -> !SECRET.matcher(key).find());
        return secret;
    }

    /** Writes the file. */
    static void write(Map<String, String> settings, OutputStream to) throws IOException {
        Properties properties = new Properties();
        properties.putAll(settings);
        properties.store(to, null);
    }

    /** Writes the jar that holds this class alone. */
    static void writeJar(OutputStream to) throws IOException {
        String entry = PrivateSettings.class.getName().replace('.', '/') + ".class";
        try (InputStream in = PrivateSettings.class.getClassLoader().getResourceAsStream(entry);
                JarOutputStream jar = new JarOutputStream(to)) {
            if (in == null) {
                throw new IOException("No " + entry);
            }
            jar.putNextEntry(new JarEntry(entry));
            in.transferTo(jar);
        }
    }

    /**
     * Begins a driver.
     *
     * @param arguments the file's URI, the application's main class, then its own arguments
     */
    public static void main(String[] arguments) throws Exception {
        Path file = new Path(arguments[0]);
        Properties properties = new Properties();
        try (InputStream in = file.getFileSystem(new Configuration()).open(file)) {
            properties.load(in);
        }
        properties.forEach((key, value) -> System.setProperty((String) key, (String) value));
        Class<?> main = Class.forName(arguments[1], true, Thread.currentThread().getContextClassLoader());
        try {
            main.getMethod("main", String[].class)
                    .invoke(null, (Object) Arrays.copyOfRange(arguments, 2, arguments.length));
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Exception thrown) {
                throw thrown;
            }
            throw e;
        }
    }
}
