package dev.arclight.azure.arm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.arclight.azure.uri.Workspace;
import dev.arclight.base.ArclightException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * Hadoop's settings {@code fs.azureml.*}, over the environment of a job, over {@code config.json}.
 *
 * <table>
 * <caption>Settings</caption>
 * <tr><th>key</th><th>meaning</th></tr>
 * <tr><td>{@code fs.azureml.subscription}, {@code .resource-group}, {@code .workspace}</td><td>the workspace one works
 * in; else {@code AZUREML_ARM_*} of an Azure ML job, else {@code config.json} (or {@code .azureml/config.json}) in the
 * working folder or one above</td></tr>
 * <tr><td>{@code fs.azureml.auth}</td><td>{@code default} (environment, workload identity, managed identity, then the
 * tools one signed in with), {@code managed-identity}, {@code client-secret}, {@code azure-cli}, {@code device-code},
 * {@code token-file}</td></tr>
 * <tr><td>{@code fs.azureml.token-file}</td><td>for {@code token-file}</td></tr>
 * <tr><td>{@code fs.azureml.tenant}, {@code .client}</td><td>the tenant, and the id of the application or managed
 * identity, where the environment does not say; the secret comes from {@code AZURE_CLIENT_SECRET} alone</td></tr>
 * <tr><td>{@code fs.azureml.endpoint}</td><td>Azure Resource Manager of another cloud</td></tr>
 * </table>
 */
public final class AzureSettings {
    /** Where Azure's own tools keep a workspace's coordinates. */
    private static final String CONFIG = "config.json";

    private final Configuration configuration;
    private final Map<String, String> environment;
    private final Path folder;

    /**
     * @param environment as {@link System#getenv()}
     * @param folder where the search for {@code config.json} begins
     */
    public AzureSettings(Configuration configuration, Map<String, String> environment, Path folder) {
        this.configuration = configuration;
        this.environment = Map.copyOf(environment);
        this.folder = folder.toAbsolutePath().normalize();
    }

    /** The settings of this process. */
    public static AzureSettings of(Configuration configuration) {
        return new AzureSettings(configuration, System.getenv(), Path.of(""));
    }

    /** A client for all workspaces. */
    public WorkspaceClient client() {
        return new WorkspaceClient(arm());
    }

    /** A client for all that a workspace holds. */
    public WorkspaceResources resources() {
        return new WorkspaceResources(arm());
    }

    /**
     * A client of another service of Azure's.
     *
     * @param scope of the tokens that it takes, such as {@code https://dev.azuresynapse.net/.default}
     */
    public ServiceClient service(String scope, URI endpoint) {
        return new ServiceClient(new ArmClient(endpoint, scope, tokens()), endpoint);
    }

    private ArmClient arm() {
        return new ArmClient(
                URI.create(configuration.getTrimmed("fs.azureml.endpoint", "https://management.azure.com")), tokens());
    }

    /**
     * Our identity.
     *
     * @throws ArclightException BAD_INPUT if a setting is none
     */
    public AccessTokens tokens() {
        String auth = configuration.getTrimmed("fs.azureml.auth", "default");
        if (auth.equals("token-file")) {
            String file = configuration.getTrimmed("fs.azureml.token-file", "");
            if (file.isEmpty()) {
                throw ArclightException.badInput("fs.azureml.auth is token-file, but fs.azureml.token-file is not set");
            }
            return new TokenFile(Path.of(file), Clock.systemUTC());
        }
        return IdentityTokens.of(
                auth,
                Optional.ofNullable(value("tenant", "AZURE_TENANT_ID")),
                Optional.ofNullable(value("client", "AZURE_CLIENT_ID")),
                environment);
    }

    /**
     * The workspace that one works in.
     *
     * @throws ArclightException BAD_INPUT if no place names one, or one names it in part
     */
    public Workspace workspace() {
        String subscription = value("subscription", "AZUREML_ARM_SUBSCRIPTION");
        String group = value("resource-group", "AZUREML_ARM_RESOURCEGROUP");
        String name = value("workspace", "AZUREML_ARM_WORKSPACE_NAME");
        if (subscription == null && group == null && name == null) {
            return fromFile();
        }
        if (subscription == null || group == null || name == null) {
            throw ArclightException.badInput(
                    "The workspace is named in part: subscription %s, resource group %s, name %s;"
                                    .formatted(shown(subscription), shown(group), shown(name))
                            + " set fs.azureml.subscription, fs.azureml.resource-group and fs.azureml.workspace, or none");
        }
        return new Workspace(subscription, group, name);
    }

    private @Nullable String value(String key, String variable) {
        String set = configuration.getTrimmed("fs.azureml." + key, "");
        if (set.isEmpty()) {
            set = environment.getOrDefault(variable, "");
        }
        return set.isEmpty() ? null : set;
    }

    private static String shown(@Nullable String value) {
        return value == null ? "missing" : "'" + value + "'";
    }

    private Workspace fromFile() {
        for (Path at = folder; at != null; at = at.getParent()) {
            for (Path file : new Path[] {at.resolve(".azureml").resolve(CONFIG), at.resolve(CONFIG)}) {
                if (Files.isRegularFile(file)) {
                    return fromFile(file);
                }
            }
        }
        throw ArclightException.badInput(
                "This URI names no workspace and neither do fs.azureml.workspace, AZUREML_ARM_WORKSPACE_NAME or a"
                        + " config.json in %s or above: use azureml://subscriptions/..., or download config.json from"
                                .formatted(folder)
                        + " the workspace's page");
    }

    private static Workspace fromFile(Path file) {
        JsonNode json;
        try {
            json = new ObjectMapper().readTree(Files.readString(file));
        } catch (IOException e) {
            throw ArclightException.badInput("Cannot read the workspace from %s: %s".formatted(file, e.getMessage()));
        }
        for (String field : new String[] {"subscription_id", "resource_group", "workspace_name"}) {
            if (json.path(field).asText("").isBlank()) {
                throw ArclightException.badInput("%s lacks '%s'".formatted(file, field));
            }
        }
        return new Workspace(
                json.path("subscription_id").asText(),
                json.path("resource_group").asText(),
                json.path("workspace_name").asText());
    }
}
