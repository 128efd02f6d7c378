package dev.arclight.google.fs;

import dev.arclight.testing.FakeGcs;
import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.contract.AbstractFSContract;

/** {@code gs://} for Hadoop's contract tests: a bucket of the emulator, and what the connector says of itself. */
final class GoogleStorageContract extends AbstractFSContract {
    private static final String ROOT = "gs://contract/tests";

    GoogleStorageContract(Configuration configuration) {
        super(configuration);
    }

    /** The settings, once the emulator runs. */
    static void configure(Configuration configuration, FakeGcs gcs) {
        gcs.settings().forEach(configuration::set);
        for (String holds : new String[] {
            "is-blobstore",
            "is-case-sensitive",
            "create-visibility-delayed",
            "rename-returns-false-if-source-missing",
            "rename-returns-false-if-dest-exists",
            "supports-getfilestatus",
            "supports-seek",
            "supports-seek-on-closed-file",
            "supports-strict-exceptions",
            "rejects-seek-past-eof"
        }) {
            configuration.setBoolean("fs.contract." + holds, true);
        }
    }

    @Override
    public void init() {}

    @Override
    public FileSystem getTestFileSystem() throws IOException {
        return FileSystem.get(URI.create(ROOT), getConf());
    }

    @Override
    public String getScheme() {
        return "gs";
    }

    @Override
    public Path getTestPath() {
        return new Path(ROOT);
    }
}
