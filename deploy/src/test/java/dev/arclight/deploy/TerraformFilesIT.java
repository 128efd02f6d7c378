package dev.arclight.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.arclight.testing.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What can be said of the Terraform files without a cloud: HashiCorp's own parser reads them, their parts fit together,
 * and checkov finds nothing. That attributes are those of the providers is {@link TerraformSchemasSoak}'s.
 */
@Tag("full")
final class TerraformFilesIT {
    private static final Pattern SKIP = Pattern.compile("checkov:skip=\\w+(: \\S.*)?");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"azure", "gcp", "databricks"})
    void everyVariableIsSetInTheSettingsFileAndUsed(String environment) {
        JsonNode parsed = parse(DeployFolder.path("terraform/" + environment));
        JsonNode settings = parse(DeployFolder.path("environments")).path(environment + ".tfvars");
        Set<String> declared = names(parsed, "variable");
        assertThat(declared).isNotEmpty().isEqualTo(names(settings));
        assertThat(mentioned(parsed.toString(), "var\\.(\\w+)")).isEqualTo(declared);
        parsed.forEach(file -> file.path("variable")
                .forEach(variable -> assertThat(
                                variable.path(0).path("description").asText())
                        .isNotEmpty()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"azure", "gcp", "databricks"})
    void whatIsReferredToIsDeclared(String environment) {
        JsonNode parsed = parse(DeployFolder.path("terraform/" + environment));
        Set<String> declared = new TreeSet<>();
        parsed.forEach(file -> file.path("resource")
                .properties()
                .forEach(type -> type.getValue()
                        .fieldNames()
                        .forEachRemaining(name -> declared.add(type.getKey() + "." + name))));
        assertThat(mentioned(parsed.toString(), "(?<![\\w.])((?:azurerm|google|databricks)_\\w+\\.\\w+)"))
                .isNotEmpty()
                .isSubsetOf(declared);
    }

    @ParameterizedTest
    @ValueSource(strings = {"azure", "gcp", "databricks"})
    void theStateIsRemoteAndProvidersArePinned(String environment) {
        JsonNode terraform = parse(DeployFolder.path("terraform/" + environment))
                .path("versions.tf")
                .path("terraform")
                .path(0);
        assertThat(names(terraform.path("backend"))).hasSize(1).isSubsetOf("azurerm", "gcs");
        terraform
                .path("required_providers")
                .path(0)
                .forEach(provider ->
                        assertThat(provider.path("version").asText()).startsWith("~> "));
    }

    /** What {@code refresh-conf} reads is there to be read. */
    @ParameterizedTest
    @ValueSource(strings = {"azure", "gcp", "databricks"})
    void outputsOfTheCommandExist(String environment) throws IOException {
        String command = Files.readString(DeployFolder.path("infrastructure"));
        int from = command.indexOf("def " + environment + "_conf(");
        assertThat(from).isPositive();
        String function = command.substring(from, command.indexOf("\n\n\n", from));
        Set<String> asked = mentioned(function, "output\\(outputs, [\"'](\\w+)[\"']\\)");
        assertThat(asked).isNotEmpty();
        assertThat(names(parse(DeployFolder.path("terraform/" + environment)), "output"))
                .containsAll(asked);
    }

    @Test
    void noRoleReachesBeyondItsResource() {
        JsonNode azure = parse(DeployFolder.path("terraform/azure"));
        List<String> scopes = new ArrayList<>();
        azure.forEach(file -> file.path("resource")
                .path("azurerm_role_assignment")
                .forEach(role -> {
                    scopes.add(role.path(0).path("scope").asText());
                    assertThat(role.path(0).path("role_definition_name").asText())
                            .doesNotContain("Owner")
                            .isNotEqualTo("Contributor");
                }));
        assertThat(scopes).isNotEmpty().noneMatch(scope -> scope.contains("subscription") || scope.contains("group"));
        assertThat(parse(DeployFolder.path("terraform/gcp")).toString())
                .doesNotContain("roles/owner")
                .doesNotContain("roles/editor")
                .doesNotContain("roles/storage.admin");
    }

    @Test
    void aFileThatIsNoTerraformIsRefused() {
        DeployFolder.spoilt(DeployFolder.path("terraform/azure/main.tf"), "\"azurerm_resource_group\" ", "{ ", folder);
        JsonNode parsed = parse(folder);
        assertThat(parsed.path("main.tf").path("refused").asText()).contains("main.tf");
    }

    @Test
    void checkovFindsNothingAndEverySkipHasAReason() throws IOException {
        Processes.Finished checkov = checkov(DeployFolder.path(""));
        assertThat(checkov.exitCode()).as(checkov.output() + checkov.errors()).isZero();
        assertThat(checkov.output())
                .contains("terraform scan results")
                .contains("kubernetes scan results")
                .contains("dockerfile scan results");
        for (Path file : DeployFolder.files("terraform", ".tf")) {
            Matcher skip = SKIP.matcher(Files.readString(file));
            while (skip.find()) {
                assertThat(skip.group(1)).as("%s: %s", file, skip.group()).isNotNull();
            }
        }
    }

    @Test
    void checkovWouldFind() {
        DeployFolder.spoilt(
                DeployFolder.path("terraform/azure/storage.tf"),
                "allow_nested_items_to_be_public   = false",
                "allow_nested_items_to_be_public   = true",
                folder);
        Processes.Finished checkov = checkov(folder);
        assertThat(checkov.exitCode()).isEqualTo(1);
        assertThat(checkov.output()).contains("azurerm_storage_account.lake");
    }

    private static Processes.Finished checkov(Path what) {
        return DeployFolder.check("checkov", "-d", what, "--config-file", DeployFolder.path("checkov.yaml"));
    }

    /** Its files of Terraform by name, as JSON; one that is not is {@code {"refused": why}}. */
    private JsonNode parse(Path terraform) {
        return DeployFolder.node("hcl2json", "parse.js", folder, terraform);
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static Set<String> names(JsonNode files, String kind) {
        Set<String> names = new TreeSet<>();
        files.forEach(file -> names.addAll(names(file.path(kind))));
        return names;
    }

    private static Set<String> mentioned(String text, String pattern) {
        Set<String> found = new TreeSet<>();
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }
}
