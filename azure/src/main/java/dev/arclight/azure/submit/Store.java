package dev.arclight.azure.submit;

import dev.arclight.azure.arm.Datastore;
import dev.arclight.azure.arm.WorkspaceClient;
import dev.arclight.base.ArclightException;
import dev.arclight.base.Settings;

/**
 * A datastore that takes what is shipped.
 *
 * @param name in its workspace
 * @param container where its data is
 */
public record Store(String name, Datastore.Location.Container container) {
    /**
     * The one of {@code arclight.aml-datastore}, else the default one of the workspace.
     *
     * @throws ArclightException NOT_FOUND; BAD_INPUT if it is no container of a storage account
     */
    public static Store of(Account account, Settings settings) {
        String named = settings.text(AmlSettings.DATASTORE);
        WorkspaceClient client = account.settings().client();
        String name = named.isBlank() ? client.defaultDatastore(account.workspace()) : named;
        Datastore datastore = client.datastore(account.workspace(), name);
        if (!(datastore.location() instanceof Datastore.Location.Container container)) {
            throw ArclightException.badInput(
                    "The datastore '%s' is no container of a storage account: name one by --conf %s=NAME"
                            .formatted(name, AmlSettings.DATASTORE.key()));
        }
        return new Store(name, container);
    }

    /** The address of a path as Azure's storage writes it; no secret is in it. */
    public String blob(String path) {
        return "%s://%s.blob.%s/%s/%s"
                .formatted(
                        container.encrypted() ? "https" : "http",
                        container.account(),
                        container.endpoint(),
                        container.container(),
                        path);
    }
}
