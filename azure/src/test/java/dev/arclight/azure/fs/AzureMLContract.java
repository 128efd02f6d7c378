package dev.arclight.azure.fs;

import dev.arclight.testing.ArmStandIn;
import dev.arclight.testing.ArmStandIn.Workspace;
import dev.arclight.testing.Azurite;
import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.contract.AbstractFSContract;

/** {@code azureml://} for Hadoop's contract tests: a datastore on the emulator, and what ABFS says of itself. */
final class AzureMLContract extends AbstractFSContract {
    private static final String ROOT = "azureml://datastores/lake/paths/contract";
    private static final Workspace WORKSPACE = new Workspace("1111", "rg", "ws");

    AzureMLContract(Configuration configuration) {
        super(configuration);
    }

    /** The settings, once the stand-ins run. */
    static void configure(Configuration configuration, Azurite azurite, ArmStandIn arm) {
        arm.blobDatastore(WORKSPACE, "lake", "lakeone", "contract");
        azurite.settings().forEach(configuration::set);
        arm.settings().forEach(configuration::set);
        WORKSPACE.settings().forEach(configuration::set);
        for (String holds : new String[] {
            "is-case-sensitive",
            "rename-returns-false-if-source-missing",
            "supports-append",
            "supports-atomic-directory-delete",
            "supports-getfilestatus",
            "supports-seek",
            "supports-seek-on-closed-file",
            "supports-strict-exceptions",
            "rejects-seek-past-eof",
            "supports-unbuffer",
            "supports-hflush",
            "supports-hsync",
            "metadata_updated_on_hsync",
            "rename-returns-false-if-dest-exists",
            "etags-consistent-across-listings",
            "etags-preserved-in-rename"
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
        return "azureml";
    }

    @Override
    public Path getTestPath() {
        return new Path(ROOT);
    }
}
