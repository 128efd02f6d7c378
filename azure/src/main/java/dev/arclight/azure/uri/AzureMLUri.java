package dev.arclight.azure.uri;

import dev.arclight.base.ArclightException;
import java.util.Optional;

/**
 * A parsed {@code azureml} URI: which store, and a path in it.
 *
 * <table>
 * <caption>The grammar; keywords in any case; WORKSPACE is
 * {@code subscriptions/S/resourcegroups/G/[providers/Microsoft.MachineLearningServices/]workspaces/W}</caption>
 * <tr><th>text</th><th>store</th></tr>
 * <tr><td>{@code azureml://datastores/D[/paths/P]}</td><td>a datastore of the workspace one works in</td></tr>
 * <tr><td>{@code azureml://WORKSPACE/datastores/D[/paths/P]}</td><td>a datastore</td></tr>
 * <tr><td>{@code azureml://[WORKSPACE/]datastores}</td><td>all datastores, for listing</td></tr>
 * <tr><td>{@code azureml://[WORKSPACE/]data/N/versions/V[/P]}</td><td>a version of a data asset</td></tr>
 * <tr><td>{@code azureml:N:V}</td><td>the same, in the workspace one works in; no Hadoop path, see {@link #text}</td></tr>
 * <tr><td>{@code azureml://registries/R/data/N/versions/V[/P]}</td><td>a version of a registry's data asset</td></tr>
 * </table>
 *
 * <p>{@code datastore} is taken for {@code datastores}, as it is often written. Names are taken as they stand; nothing
 * is decoded. Source: <a
 * href="https://learn.microsoft.com/azure/machine-learning/how-to-access-data-interactive">Microsoft's description</a>
 * of the datastore URIs.
 *
 * @param root the store
 * @param base the text up to the path, as it was written, without a slash at its end; {@code /paths} is added where it
 *     was left out
 * @param path in the store, without a slash at either end; empty for its root
 */
public record AzureMLUri(Root root, String base, String path) {
    /** The scheme, without its colon. */
    public static final String SCHEME = "azureml";

    /** What a path may be in. A workspace that is empty is the one that one works in. */
    public sealed interface Root {
        /** All datastores of a workspace: a level that can be listed and holds no files. */
        record Datastores(Optional<Workspace> workspace) implements Root {}

        /** A datastore. */
        record Datastore(Optional<Workspace> workspace, String name) implements Root {}

        /** A version of a data asset. */
        record Data(Optional<Workspace> workspace, String name, String version) implements Root {}

        /** A version of a data asset in a registry. */
        record RegistryData(String registry, String name, String version) implements Root {}
    }

    /**
     * Parses a URI.
     *
     * @throws ArclightException BAD_INPUT, naming the part that is wrong and what was expected there
     */
    public static AzureMLUri parse(String text) {
        return new UriParser(text).parse();
    }

    /** As a Hadoop path writes it; {@link #parse} gives an equal one back. */
    public String text() {
        return path.isEmpty() ? base : base + "/" + path;
    }

    /**
     * What Hadoop takes for the host: {@code datastores}, {@code subscriptions}, {@code data} or {@code registries}.
     */
    public String authority() {
        return base.substring(SCHEME.length() + 3).split("/", 2)[0];
    }

    /** What of {@link #base} follows the authority: empty, or with a slash in front. */
    public String above() {
        return base.substring(SCHEME.length() + 3 + authority().length());
    }
}
