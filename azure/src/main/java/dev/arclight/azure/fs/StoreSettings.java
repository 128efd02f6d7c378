package dev.arclight.azure.fs;

import dev.arclight.azure.arm.Datastore;
import dev.arclight.azure.arm.Datastore.Credential;
import dev.arclight.azure.arm.Datastore.Location;
import dev.arclight.azure.arm.Secret;
import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import java.net.URI;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * What ABFS is told of one container: its address, and a configuration of its own, which holds the credential and never
 * becomes Spark's.
 *
 * @param uri {@code abfss://CONTAINER@HOST/}
 * @param folder of the container that is the root of the store; empty or without slashes at its ends
 */
record StoreSettings(URI uri, String folder, Configuration configuration) {
    /** Names the kind of storage account without hierarchical namespace to ABFS: it then uses the Blob endpoint. */
    private static final String FLAT_ACCOUNTS = "fs.azure.fns.account.service.type";

    /**
     * For a datastore.
     *
     * @param base of the session; copied
     * @param secret present where the datastore's credential has one
     * @param name the datastore's whole URI, for {@link DatastoreSecret}
     */
    static StoreSettings of(Configuration base, Datastore datastore, Optional<Secret> secret, String name) {
        Configuration configuration = new Configuration(base);
        configuration.set(DatastoreSecret.KEY, name);
        if (datastore.location() instanceof Location.Container at) {
            String host = at.account() + ".dfs." + at.endpoint();
            credential(configuration, host, datastore, secret);
            return at(configuration, host, at.container(), "", at.encrypted());
        }
        if (datastore.location() instanceof Location.OneLake lake) {
            credential(configuration, lake.endpoint(), datastore, secret);
            return at(configuration, lake.endpoint(), lake.workspace(), lake.item(), true);
        }
        throw new ArclightException(
                ErrorCode.BAD_STATE,
                "The datastore '%s' is of the kind '%s', for which Hadoop has no filesystem; expected AzureBlob,"
                                .formatted(datastore.name(), ((Location.Unsupported) datastore.location()).type())
                        + " AzureDataLakeGen2 or OneLake: copy its files to one of these");
    }

    /**
     * For a container that no datastore names, which is reached with our own identity.
     *
     * @param host such as {@code ACCOUNT.dfs.core.windows.net}
     */
    static StoreSettings ofOwnIdentity(Configuration base, String host, String container, String folder) {
        Configuration configuration = new Configuration(base);
        ownIdentity(configuration, host);
        return at(configuration, host, container, folder, true);
    }

    private static StoreSettings at(
            Configuration configuration, String host, String container, String folder, boolean encrypted) {
        configuration.setIfUnset(FLAT_ACCOUNTS, "BLOB");
        if (!encrypted) {
            configuration.setBoolean("fs.azure.always.use.https", false);
        }
        return new StoreSettings(
                URI.create("%s://%s@%s/".formatted(encrypted ? "abfss" : "abfs", container, host)),
                folder,
                configuration);
    }

    private static void credential(
            Configuration configuration, String host, Datastore datastore, Optional<Secret> secret) {
        if (secret.isPresent() && secret.get() instanceof Secret.AccountKey key) {
            configuration.set("fs.azure.account.auth.type." + host, "SharedKey");
            configuration.set("fs.azure.account.key." + host, key.key());
        } else if (secret.isPresent() && secret.get() instanceof Secret.Sas) {
            configuration.set("fs.azure.account.auth.type." + host, "SAS");
            configuration.set("fs.azure.sas.token.provider.type." + host, DatastoreSas.class.getName());
        } else if (secret.isPresent()
                && secret.get() instanceof Secret.ClientSecret client
                && datastore.credential() instanceof Credential.ServicePrincipal principal) {
            configuration.set("fs.azure.account.auth.type." + host, "OAuth");
            configuration.set(
                    "fs.azure.account.oauth.provider.type." + host,
                    "org.apache.hadoop.fs.azurebfs.oauth2.ClientCredsTokenProvider");
            configuration.set(
                    "fs.azure.account.oauth2.client.endpoint." + host,
                    principal.authority().replaceAll("/+$", "") + "/" + principal.tenant() + "/oauth2/token");
            configuration.set("fs.azure.account.oauth2.client.id." + host, principal.client());
            configuration.set("fs.azure.account.oauth2.client.secret." + host, client.secret());
        } else if (datastore.credential() instanceof Credential.Identity) {
            ownIdentity(configuration, host);
        } else {
            throw ArclightException.badInput(
                    "The datastore '%s' has a credential of a kind that Arclight cannot use (%s); expected an account"
                                    .formatted(datastore.name(), datastore.credential())
                            + " key, a SAS, a service principal or none");
        }
    }

    private static void ownIdentity(Configuration configuration, String host) {
        configuration.set("fs.azure.account.auth.type." + host, "Custom");
        configuration.set("fs.azure.account.oauth.provider.type." + host, OwnIdentity.class.getName());
    }

    /** Without the configuration, which holds a secret. */
    @Override
    public String toString() {
        return "StoreSettings[uri=" + uri + ", folder=" + folder + "]";
    }
}
