package dev.arclight.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.arclight.testing.Soak;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every block and attribute of the Terraform files against the providers' schemas, by the bindings that HashiCorp
 * generated from those (npm's {@code @cdktf/provider-*}, about a gigabyte installed). Types and values are not
 * compared.
 */
@Tag("soak")
final class TerraformSchemasSoak {
    @TempDir
    private Path folder;

    @Test
    void everyAttributeIsOneOfTheProviders() throws Exception {
        Path misspelt = Files.createDirectory(folder.resolve("misspelt"));
        DeployFolder.spoilt(DeployFolder.path("terraform/azure/storage.tf"), "is_hns_enabled", "hns_enabled", misspelt);
        assertThat(compare(misspelt).path("wrong").toString())
                .contains("azurerm_storage_account.lake has no hns_enabled");
        JsonNode all = compare(DeployFolder.path("terraform"));
        assertThat(all.path("wrong")).isEmpty();
        assertThat(all.path("attributes").asInt()).isGreaterThan(300);
        Soak.report(all.toString());
    }

    private JsonNode compare(Path terraform) {
        return DeployFolder.node("terraform-schemas", "schemas.js", folder, terraform);
    }
}
