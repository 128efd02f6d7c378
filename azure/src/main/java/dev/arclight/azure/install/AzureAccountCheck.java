package dev.arclight.azure.install;

import dev.arclight.azure.arm.AzureSettings;
import dev.arclight.azure.arm.WorkspaceResources;
import dev.arclight.azure.uri.Workspace;
import dev.arclight.base.ArclightException;
import dev.arclight.base.command.Check;
import dev.arclight.base.command.CommandContext;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Whether one's own account is fit for {@code azureml://} and {@code --master aml}: signs in, reads the workspace,
 * lists its default datastore, names its compute clusters. Run by {@code arclight doctor --cloud azure}.
 */
public final class AzureAccountCheck implements Check {
    private static final String REMEDY = "docs/clouds.md says what is set where, and which roles it takes";

    @Override
    public String name() {
        return "Azure";
    }

    @Override
    public int order() {
        return 200;
    }

    @Override
    public Optional<String> cloud() {
        return Optional.of("azure");
    }

    @Override
    public Finding look(CommandContext context) {
        return look(new Configuration());
    }

    static Finding look(Configuration configuration) {
        try {
            AzureSettings settings = AzureSettings.of(configuration);
            Workspace workspace = settings.workspace();
            WorkspaceResources resources = settings.resources();
            String location = resources.workspace(workspace).path("location").asText();
            String datastore = settings.client().defaultDatastore(workspace);
            list(configuration, "azureml://datastores/%s/paths/".formatted(datastore));
            List<String> computes = resources.names(workspace, "computes", "the computes");
            return Finding.found("workspace %s (%s): its datastore %s can be listed; computes: %s"
                    .formatted(
                            workspace.name(),
                            location,
                            datastore,
                            computes.isEmpty() ? "none" : String.join(", ", computes)));
        } catch (ArclightException | IOException e) {
            return new Finding(Status.MISSING, String.valueOf(e.getMessage()), REMEDY);
        }
    }

    private static void list(Configuration configuration, String uri) throws IOException {
        try (FileSystem files = FileSystem.newInstance(URI.create(uri), configuration)) {
            files.listStatusIterator(new Path(uri)).hasNext();
        }
    }
}
