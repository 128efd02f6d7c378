package dev.arclight.engine.artifacts;

import dev.arclight.track.Artifacts;
import dev.arclight.track.artifacts.ArtifactPlace;
import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;

/**
 * Folders of every file system whose Hadoop library is on the class path. Settings come from {@code core-site.xml} and
 * {@code hdfs-site.xml} on the class path or in the folder that {@code HADOOP_CONF_DIR} names.
 */
public final class HadoopArtifactPlace implements ArtifactPlace {
    private final Configuration configuration;

    /** With the settings of the environment. */
    public HadoopArtifactPlace() {
        this(configured(System.getenv("HADOOP_CONF_DIR")));
    }

    HadoopArtifactPlace(Configuration configuration) {
        this.configuration = configuration;
    }

    @Override
    public boolean takes(String scheme) {
        if (scheme.equals("http") || scheme.equals("https")) {
            return false; // Hadoop reads from there, and cannot write
        }
        try {
            FileSystem.getFileSystemClass(scheme, configuration);
            return true;
        } catch (UnsupportedFileSystemException e) {
            return false;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("Cannot look for the file system of %s://".formatted(scheme), e);
        }
    }

    @Override
    public Artifacts open(URI folder) throws IOException {
        return new HadoopArtifacts(new Path(folder), configuration);
    }

    private static Configuration configured(@org.jspecify.annotations.Nullable String folder) {
        Configuration configuration = new Configuration();
        if (folder != null && !folder.isBlank()) {
            for (String file : new String[] {"core-site.xml", "hdfs-site.xml"}) {
                java.nio.file.Path path = java.nio.file.Path.of(folder, file);
                if (java.nio.file.Files.isRegularFile(path)) {
                    configuration.addResource(new Path(path.toUri()));
                }
            }
        }
        return configuration;
    }
}
