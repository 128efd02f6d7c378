package dev.arclight.google.fs;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FilterFileSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Hadoop finds for {@code gs://} where Google's connector is missing, to say so. Where it is there, this class
 * only brings our defaults: Hadoop loads all its filesystems by ServiceLoader before it makes the first one, and with
 * this one, once in a process, the settings below become defaults wherever nothing is set yet ({@code core-site.xml},
 * as on Dataproc's machines, and whatever a session sets stay as they are).
 *
 * <table>
 * <caption>Defaults</caption>
 * <tr><th>setting</th><th>value</th></tr>
 * <tr><td>{@code fs.gs.impl}</td><td>the connector's, whatever stands first on the class path</td></tr>
 * <tr><td>{@code fs.gs.auth.type}</td><td>{@code APPLICATION_DEFAULT}: {@code GOOGLE_APPLICATION_CREDENTIALS}, what one
 * signed in with, else the machine's service account. The connector's own default knows the last one only</td></tr>
 * </table>
 */
public final class GoogleStorage extends FilterFileSystem {
    private static final Logger LOG = LoggerFactory.getLogger(GoogleStorage.class);

    /** Each is the name of a resource beside this class, which sets it. */
    static final List<String> DEFAULTS = List.of("fs.gs.impl", "fs.gs.auth.type");

    static {
        List<String> found = GcsConnectors.on(GoogleStorage.class.getClassLoader());
        if (!found.isEmpty()) {
            Configuration before = new Configuration();
            for (String key : DEFAULTS) {
                // Hadoop's defaults added last win over core-site.xml.
                if (before.get(key) == null) {
                    Configuration.addDefaultResource("dev/arclight/google/fs/" + key + ".xml");
                }
            }
        }
        GcsConnectors.doubled(found).ifPresent(LOG::warn);
    }

    /** For Hadoop. */
    public GoogleStorage() {}

    @Override
    public String getScheme() {
        return "gs";
    }

    /**
     * Goes on with the connector where a session brought it after all ({@code spark.jars}).
     *
     * @throws ArclightException BAD_STATE if the connector is missing
     */
    @Override
    public void initialize(URI name, Configuration conf) throws IOException {
        Class<?> found = conf.getClassByNameOrNull(GcsConnectors.FILESYSTEM);
        if (found == null) {
            throw new ArclightException(
                    ErrorCode.BAD_STATE,
                    "%s://%s needs Google's connector, which is not on the class path: run 'arclight install google'"
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
