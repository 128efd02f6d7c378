package dev.arclight.azure.arm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.azure.arm.Datastore.Credential;
import dev.arclight.azure.arm.Datastore.Location;
import dev.arclight.azure.uri.Workspace;
import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.testing.ArmStandIn;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkspaceClientTest {
    private static final Workspace WORKSPACE = new Workspace("0000", "rg", "ws");
    private static final ArmStandIn.Workspace THERE = new ArmStandIn.Workspace("0000", "rg", "ws");

    @TempDir
    Path folder;

    private ArmStandIn arm;
    private WorkspaceClient client;

    @BeforeEach
    void start() throws IOException {
        arm = ArmStandIn.start(folder);
        client = new WorkspaceClient(arm.endpoint(), new TokenFile(arm.tokenFile(), Clock.systemUTC()));
        for (String name : List.of("raw", "curated", "workspaceblobstore", "scratch", "models")) {
            arm.blobDatastore(
                    THERE,
                    name,
                    "lake",
                    name + "-files",
                    "AccountKey",
                    () -> Map.of("secretsType", "AccountKey", "key", "c2VjcmV0"));
        }
    }

    @AfterEach
    void stop() {
        arm.close();
    }

    @Test
    void aDatastoreIsReadWithItsSecret() {
        assertThat(client.datastore(WORKSPACE, "raw"))
                .isEqualTo(new Datastore(
                        "raw",
                        new Location.Container("lake", "raw-files", "core.windows.net", false),
                        new Credential.Secret()));
        assertThat(client.secret(WORKSPACE, "raw")).isEqualTo(new Secret.AccountKey("c2VjcmV0"));
        assertThat(client.secret(WORKSPACE, "raw").toString()).doesNotContain("c2VjcmV0");
    }

    @Test
    void aListOfSeveralPagesIsReadToItsEnd() {
        assertThat(client.datastores(WORKSPACE))
                .containsExactlyInAnyOrder("raw", "curated", "workspaceblobstore", "scratch", "models");
        assertThat(arm.requests()).hasSize(3);
    }

    @Test
    void anUnknownDatastoreIsRefusedWithTheNearestNames() {
        assertThatThrownBy(() -> client.datastore(WORKSPACE, "workspaceblobstor"))
                .hasMessage("There is no datastore 'workspaceblobstor' in workspace 'ws'; nearest: workspaceblobstore")
                .extracting("code")
                .isEqualTo(ErrorCode.NOT_FOUND);
    }

    @Test
    void aMissingWorkspaceIsNamedNotTheDatastore() {
        assertThatThrownBy(() -> client.datastore(new Workspace("0000", "rg", "other"), "raw"))
                .hasMessageStartingWith(
                        "Cannot find the datastore 'raw', because there is no workspace 'other' (resource"
                                + " group 'rg', subscription 0000)");
    }

    @Test
    void aMissingRightIsNamedWithRoleAndResource() {
        arm.deny(THERE, "datastores/raw/listSecrets");
        assertThatThrownBy(() -> client.secret(WORKSPACE, "raw"))
                .hasMessageStartingWith(
                        "No permission for the credential of datastore 'raw': it takes the role 'AzureML"
                                + " Data Scientist' (or one that includes it) on workspace 'ws' (resource group 'rg'")
                .extracting("code")
                .isEqualTo(ErrorCode.FORBIDDEN);
    }

    @Test
    void whatMayPassIsTriedAgainAndQuotaIsToldInTheEnd() {
        arm.trouble(429, 503, 500, 429);
        assertThat(client.datastore(WORKSPACE, "raw").name()).isEqualTo("raw");
        arm.trouble(429, 429, 429, 429, 429);
        assertThatThrownBy(() -> client.datastore(WORKSPACE, "raw"))
                .hasMessageStartingWith("Azure refuses more requests for now (5 attempts)")
                .extracting("code")
                .isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(arm.requests()).hasSize(10);
    }

    @Test
    void anExpiredTokenIsReadAnewOnceAndThenRefused() throws IOException {
        assertThat(client.datastore(WORKSPACE, "raw").name()).isEqualTo("raw");
        arm.renewToken(); // between two requests
        assertThat(client.datastore(WORKSPACE, "raw").name()).isEqualTo("raw");
        arm.revokeToken();
        assertThatThrownBy(() -> client.datastore(WORKSPACE, "raw"))
                .hasMessageStartingWith("Azure does not accept our token for the datastore 'raw'")
                .hasMessageContaining("sign in again");
        Files.writeString(arm.tokenFile(), "{\"accessToken\": \"s3cret\", \"expires_on\": 1000}");
        assertThatThrownBy(() -> client.datastore(WORKSPACE, "raw"))
                .hasMessageContaining("expired at 1970-01-01T00:16:40Z")
                .hasMessageNotContaining("s3cret");
    }

    @Test
    void aDataVersionIsFoundByNumberOrAsTheLatest() {
        arm.put(THERE, "data/wine", "wine", Map.of("latestVersion", "2"));
        arm.put(THERE, "data/wine/versions/2", "2", Map.of("dataType", "uri_folder", "dataUri", "azureml://x"));
        assertThat(client.data(WORKSPACE, "wine", "2")).isEqualTo(new DataVersion("uri_folder", "azureml://x"));
        assertThat(client.data(WORKSPACE, "wine", "latest")).isEqualTo(client.data(WORKSPACE, "wine", "2"));
        assertThatThrownBy(() -> client.data(WORKSPACE, "wine", "3"))
                .hasMessage("There is no data asset 'wine:3' in workspace 'ws'; nearest: wine:2");
        assertThatThrownBy(() -> client.data(WORKSPACE, "whine", "3"))
                .hasMessage("There is no data asset 'whine:3' in workspace 'ws'; nearest: wine");
    }

    @Test
    void aTokenNeverTravelsUnencrypted() {
        assertThatThrownBy(() -> new WorkspaceClient(URI.create("http://management.azure.com"), scope -> {
                    throw new AssertionError("asked for a token");
                }))
                .isInstanceOf(ArclightException.class)
                .hasMessageContaining("expected https://HOST");
    }

    @Test
    void theWorkspaceComesFromSettingsThenTheJobThenAFile() throws IOException {
        Files.writeString(
                folder.resolve("config.json"),
                "{\"subscription_id\": \"1\", \"resource_group\": \"file\", \"workspace_name\": \"w\"}");
        Path below = Files.createDirectories(folder.resolve("a/b"));
        Configuration none = new Configuration(false);
        assertThat(new AzureSettings(none, Map.of(), below).workspace()).isEqualTo(new Workspace("1", "file", "w"));
        Map<String, String> job = Map.of(
                "AZUREML_ARM_SUBSCRIPTION", "2", "AZUREML_ARM_RESOURCEGROUP", "job", "AZUREML_ARM_WORKSPACE_NAME", "w");
        assertThat(new AzureSettings(none, job, below).workspace()).isEqualTo(new Workspace("2", "job", "w"));
        Configuration set = new Configuration(false);
        set.set("fs.azureml.resource-group", "set");
        assertThat(new AzureSettings(set, job, below).workspace()).isEqualTo(new Workspace("2", "set", "w"));
        assertThatThrownBy(() -> new AzureSettings(set, Map.of(), below).workspace())
                .hasMessageStartingWith(
                        "The workspace is named in part: subscription missing, resource group 'set', name"
                                + " missing");
    }
}
