package dev.arclight.tables.s3;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FilterFileSystem;

/**
 * What Hadoop finds for {@code s3a://} and {@code s3://} where the add-on is missing, to say so. Where it is there,
 * this class only brings our defaults: Hadoop loads all its filesystems by ServiceLoader before it makes the first one,
 * and with this one, once in a process, the settings below become defaults. What {@code core-site.xml} or a session
 * sets stays as it is.
 *
 * <table>
 * <caption>Defaults</caption>
 * <tr><th>setting</th><th>value</th></tr>
 * <tr><td>{@code fs.s3.impl}</td><td>that of {@code s3a://}, so that {@code s3://} means the same</td></tr>
 * <tr><td>{@code fs.s3a.endpoint}</td><td>{@code AWS_ENDPOINT_URL}, if it is set: a compatible store</td></tr>
 * <tr><td>{@code fs.s3a.path.style.access}</td><td>{@code true}, if {@code AWS_ENDPOINT_URL} is set: few compatible
 * stores have a host for each bucket</td></tr>
 * </table>
 */
public final class SimpleStorage extends FilterFileSystem {
    static {
        ClassLoader loader = SimpleStorage.class.getClassLoader();
        // Reading Hadoop's defaults once more takes time at the start of every session: only where there is a need.
        Optional<Configuration> before =
                loader.getResource("core-site.xml") == null ? Optional.empty() : Optional.of(new Configuration());
        for (String resource : defaults(
                isThere(loader),
                System.getenv(),
                key -> before.map(configuration -> isOpen(configuration, key)).orElse(true))) {
            Configuration.addDefaultResource(resource);
        }
    }

    /** For Hadoop. */
    public SimpleStorage() {}

    interface Open {
        /** Whether nobody but Hadoop itself has set {@code key}. */
        boolean isOpen(String key);
    }

    private static boolean isThere(ClassLoader loader) {
        return loader.getResource("org/apache/hadoop/fs/s3a/S3AFileSystem.class") != null;
    }

    private static boolean isOpen(Configuration configuration, String key) {
        String[] sources = configuration.getPropertySources(key);
        return sources == null || List.of("core-default.xml").equals(List.of(sources));
    }

    /** The resources to add: each sets one key, which is its name. */
    static List<String> defaults(boolean there, Map<String, String> environment, Open open) {
        List<String> keys = new ArrayList<>();
        if (there) {
            keys.add("fs.s3.impl");
            if (!environment.getOrDefault("AWS_ENDPOINT_URL", "").isEmpty()) {
                keys.add("fs.s3a.endpoint");
                keys.add("fs.s3a.path.style.access");
            }
        } else {
            keys.add("fs.s3a.impl"); // Hadoop's own default is a class that is missing
        }
        keys.removeIf(key -> !open.isOpen(key));
        return keys.stream()
                .map(key -> "dev/arclight/tables/s3/" + key + ".xml")
                .toList();
    }

    @Override
    public String getScheme() {
        return "s3";
    }

    /**
     * Goes on with S3A where a session brought it after all ({@code spark.jars}).
     *
     * @throws ArclightException BAD_STATE if S3A is missing
     */
    @Override
    public void initialize(URI name, Configuration conf) throws IOException {
        Class<?> found = conf.getClassByNameOrNull("org.apache.hadoop.fs.s3a.S3AFileSystem");
        if (found == null) {
            throw new ArclightException(
                    ErrorCode.BAD_STATE,
                    "%s://%s needs Hadoop's S3A, which is not on the class path: run 'arclight install s3'"
                            .formatted(name.getScheme(), name.getAuthority()));
        }
        try {
            fs = (FileSystem) found.getConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IOException("Cannot make " + found.getName(), e);
        }
        super.initialize(name, conf);
    }
}
