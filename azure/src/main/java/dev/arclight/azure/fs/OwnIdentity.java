package dev.arclight.azure.fs;

import dev.arclight.azure.arm.AccessToken;
import dev.arclight.azure.arm.AccessTokens;
import dev.arclight.azure.arm.AzureSettings;
import dev.arclight.base.ArclightException;
import java.io.IOException;
import java.util.Date;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.azurebfs.extensions.CustomTokenProviderAdaptee;
import org.jspecify.annotations.Nullable;

/**
 * Hands ABFS tokens of the identity that {@code fs.azureml.auth} names, for datastores without a credential of their
 * own. Made by ABFS, by name; it asks anew before a token expires.
 */
public final class OwnIdentity implements CustomTokenProviderAdaptee {
    private static final String STORAGE = "https://storage.azure.com/.default";

    private @Nullable AccessTokens tokens;
    private @Nullable AccessToken last;

    @Override
    public void initialize(Configuration configuration, String account) {
        tokens = AzureSettings.of(configuration).tokens();
    }

    @Override
    public synchronized String getAccessToken() throws IOException {
        if (tokens == null) {
            throw new IllegalStateException("not initialised");
        }
        try {
            last = tokens.token(STORAGE);
        } catch (ArclightException e) {
            throw Failures.toIo(e);
        }
        return last.secret();
    }

    @Override
    @SuppressWarnings("JavaUtilDate") // ABFS's interface
    public synchronized Date getExpiryTime() {
        return last == null ? new Date(0) : Date.from(last.expires());
    }
}
