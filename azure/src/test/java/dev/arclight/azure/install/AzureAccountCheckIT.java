package dev.arclight.azure.install;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.base.command.Check;
import dev.arclight.testing.ArmStandIn;
import dev.arclight.testing.Azurite;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("full")
final class AzureAccountCheckIT {
    @Test
    void anAccountIsFoundFitOrTheReasonIsGiven(@TempDir Path folder) throws IOException {
        ArmStandIn.Workspace workspace = new ArmStandIn.Workspace("1111", "rg", "ws");
        try (Azurite azurite = Azurite.start("lakeone");
                ArmStandIn arm = ArmStandIn.start(folder)) {
            arm.blobDatastore(workspace, "workspaceblobstore", "lakeone", "files");
            arm.put(workspace, "computes/cpu", "cpu", Map.of("computeType", "AmlCompute"));
            Configuration configuration = new Configuration();
            azurite.settings().forEach(configuration::set);
            arm.settings().forEach(configuration::set);
            workspace.settings().forEach(configuration::set);
            assertThat(AzureAccountCheck.look(configuration))
                    .isEqualTo(
                            Check.Finding.found(
                                    "workspace ws (westeurope): its datastore workspaceblobstore can be listed; computes: cpu"));
            arm.deny(workspace, "computes");
            assertThat(AzureAccountCheck.look(configuration).detail())
                    .startsWith("No permission for the computes: it takes the role 'AzureML Data Scientist'");
            arm.revokeToken();
            assertThat(AzureAccountCheck.look(configuration).status()).isEqualTo(Check.Status.MISSING);
        } finally {
            FileSystem.closeAll();
        }
    }
}
