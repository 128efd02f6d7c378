package dev.arclight.azure.fs;

import dev.arclight.azure.arm.AzureSettings;
import dev.arclight.azure.arm.Secret;
import dev.arclight.azure.arm.WorkspaceClient;
import dev.arclight.azure.uri.AzureMLUri;
import dev.arclight.azure.uri.AzureMLUri.Root;
import org.apache.hadoop.conf.Configuration;

/** The secret of one datastore, asked for anew each time. */
final class DatastoreSecret {
    /** Names the datastore whose container this configuration is for. */
    static final String KEY = "fs.azureml.store";

    private final WorkspaceClient client;
    private final Root.Datastore datastore;

    private DatastoreSecret(WorkspaceClient client, Root.Datastore datastore) {
        this.client = client;
        this.datastore = datastore;
    }

    /** Of the datastore that {@code configuration} names under {@link #KEY}, its workspace included. */
    static DatastoreSecret of(Configuration configuration) {
        AzureMLUri uri = AzureMLUri.parse(configuration.get(KEY, ""));
        if (!(uri.root() instanceof Root.Datastore datastore)) {
            throw new IllegalStateException(KEY + "=" + uri.text());
        }
        return new DatastoreSecret(AzureSettings.of(configuration).client(), datastore);
    }

    Secret fetch() {
        return client.secret(datastore.workspace().orElseThrow(), datastore.name());
    }

    @Override
    public String toString() {
        return "datastore '" + datastore.name() + "'";
    }
}
