package dev.arclight.azure.fs;

import dev.arclight.azure.arm.AzureSettings;
import dev.arclight.azure.arm.DataVersion;
import dev.arclight.azure.arm.Datastore;
import dev.arclight.azure.arm.Datastore.Credential;
import dev.arclight.azure.arm.Secret;
import dev.arclight.azure.arm.WorkspaceClient;
import dev.arclight.azure.uri.AzureMLUri;
import dev.arclight.azure.uri.AzureMLUri.Root;
import dev.arclight.azure.uri.Workspace;
import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import java.io.Closeable;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * The stores of a session, of any number of workspaces, each asked for once. Safe for use by many threads: a store's
 * first use waits for Azure, and uses of the same store wait for it.
 */
final class Stores implements Closeable {
    private final Configuration configuration;
    private final AzureSettings settings;
    private final WorkspaceClient client;
    /** Each with a lock of its own, so that one that Azure is slow about does not hold up the others. */
    private final Map<Root, Slot> slots = new HashMap<>();

    private final FileSystemsOpened opened = new FileSystemsOpened();

    /** One store, once it is known. */
    private static final class Slot {
        private @Nullable Store store;
    }

    Stores(Configuration configuration) {
        this.configuration = configuration;
        this.settings = AzureSettings.of(configuration);
        this.client = settings.client();
    }

    /** The store of {@code root}. */
    Store of(Root root) throws IOException {
        Slot slot = slot(root);
        synchronized (slot) {
            if (slot.store == null) {
                slot.store = open(root);
            }
            return slot.store;
        }
    }

    /**
     * Asks again for the credential of a store that refused us.
     *
     * @return the store with the new credential; empty if it is the old one
     */
    Optional<Store> again(Root root, Store refused) throws IOException {
        Slot slot = slot(root);
        synchronized (slot) {
            if (slot.store != null && !slot.store.key().equals(refused.key())) {
                return Optional.of(slot.store); // another thread was here
            }
            Store fresh = open(root);
            if (fresh.key().equals(refused.key())) {
                opened.close(fresh.files());
                return Optional.empty();
            }
            slot.store = fresh; // the old one stays open for streams that still read
            return Optional.of(fresh);
        }
    }

    /** The names of all datastores of a workspace. */
    List<String> datastores(Root.Datastores root) {
        return client.datastores(root.workspace().orElseGet(settings::workspace));
    }

    private Slot slot(Root root) {
        synchronized (slots) {
            return slots.computeIfAbsent(root, any -> new Slot());
        }
    }

    private Store open(Root root) throws IOException {
        if (root instanceof Root.Datastore datastore) {
            return datastore(datastore.workspace().orElseGet(settings::workspace), datastore.name(), "", false);
        }
        if (root instanceof Root.Data data) {
            Workspace workspace = data.workspace().orElseGet(settings::workspace);
            return data(workspace, data, client.data(workspace, data.name(), data.version()));
        }
        if (root instanceof Root.RegistryData data) {
            throw new ArclightException(
                    ErrorCode.BAD_STATE,
                    "Data of registries cannot be read yet: share '%s' version '%s' of registry '%s' with a workspace, and"
                                    .formatted(data.name(), data.version(), data.registry())
                            + " read it there");
        }
        throw ArclightException.badInput(
                "This names all datastores, expected a path in one: azureml://datastores/NAME/paths/...");
    }

    private Store datastore(Workspace workspace, String name, String folder, boolean readOnly) throws IOException {
        Datastore datastore = client.datastore(workspace, name);
        Optional<Secret> secret = datastore.credential() instanceof Credential.Secret
                        || datastore.credential() instanceof Credential.ServicePrincipal
                ? Optional.of(client.secret(workspace, name))
                : Optional.empty();
        String uri = "azureml:/" + workspace.resourceId() + "/datastores/" + name;
        return store(StoreSettings.of(configuration, datastore, secret, uri), folder, readOnly, KeyDigest.of(secret));
    }

    private Store data(Workspace workspace, Root.Data asset, DataVersion version) throws IOException {
        String text = version.uri();
        if (text.toLowerCase(java.util.Locale.ROOT).startsWith("azureml:")) {
            AzureMLUri uri = AzureMLUri.parse(text);
            if (!(uri.root() instanceof Root.Datastore datastore)) {
                throw ArclightException.badInput("The data asset '%s:%s' is at '%s', expected a path in a datastore"
                        .formatted(asset.name(), asset.version(), text));
            }
            return datastore(datastore.workspace().orElse(workspace), datastore.name(), uri.path(), true);
        }
        StorageUri at = StorageUri.parse(text)
                .orElseThrow(() -> ArclightException.badInput(
                        "The data asset '%s:%s' is at '%s', expected azureml:, abfss:, wasbs: or a blob's https: address"
                                .formatted(asset.name(), asset.version(), text)));
        return store(
                StoreSettings.ofOwnIdentity(configuration, at.host(), at.container(), at.path()), "", true, "identity");
    }

    private Store store(StoreSettings to, String folder, boolean readOnly, String key) throws IOException {
        FileSystem files = opened.open(to);
        Path root = new Path(to.uri());
        for (String part : new String[] {to.folder(), folder}) {
            if (!part.isEmpty()) {
                root = new Path(root, new Path(null, null, part));
            }
        }
        return new Store(files, root, readOnly, key);
    }

    @Override
    public void close() throws IOException {
        opened.close();
    }
}
