package dev.arclight.azure.fs;

import dev.arclight.azure.uri.AzureMLUri;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.DelegateToFileSystem;

/**
 * {@link AzureMLFileSystem} for {@code FileContext}, which Spark's streaming checkpoints use. Named by
 * {@code fs.AbstractFileSystem.azureml.impl}, because Hadoop finds these by configuration only.
 */
public final class AzureMLAbstractFileSystem extends DelegateToFileSystem {
    /**
     * Called by Hadoop.
     *
     * @throws IOException if the session's settings are wrong
     */
    public AzureMLAbstractFileSystem(URI uri, Configuration configuration) throws IOException, URISyntaxException {
        super(uri, new AzureMLFileSystem(), configuration, AzureMLUri.SCHEME, false);
    }

    @Override
    public int getUriDefaultPort() {
        return -1;
    }
}
