package dev.arclight.azure.arm;

import com.fasterxml.jackson.databind.JsonNode;
import dev.arclight.azure.uri.Workspace;
import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import java.io.IOException;
import java.net.URI;
import java.util.List;

/**
 * What workspaces say of their datastores and data, by the REST API of Azure Machine Learning. Each failure is one
 * sentence that names the resource, and, where Azure refuses, the role that is missing. Safe for use by many threads.
 *
 * @see <a href="https://learn.microsoft.com/rest/api/azureml/">the REST API</a>
 */
public final class WorkspaceClient {
    private final ArmClient arm;

    /**
     * @param endpoint of Azure Resource Manager, {@code https://management.azure.com} in the public cloud
     * @throws ArclightException BAD_INPUT if it is neither encrypted nor on this machine
     */
    public WorkspaceClient(URI endpoint, AccessTokens tokens) {
        this(new ArmClient(endpoint, tokens));
    }

    WorkspaceClient(ArmClient arm) {
        this.arm = arm;
    }

    /**
     * The definition of a datastore.
     *
     * @throws ArclightException NOT_FOUND with the names that come nearest; FORBIDDEN with the role that is missing;
     *     UNAVAILABLE if Azure does not answer
     */
    public Datastore datastore(Workspace workspace, String name) {
        try {
            return Datastore.of(arm.get(path(workspace, "datastores", name)));
        } catch (IOException e) {
            if (ArmFailures.isMissing(e)) {
                List<String> names = datastores(workspace);
                throw ArmFailures.missing("datastore", name, workspace, names, e);
            }
            throw ArmFailures.sentence("the datastore '%s'".formatted(name), workspace, "AzureML Data Scientist", e);
        }
    }

    /** The name of the datastore that takes what belongs to no other, or the workspace's own if none is marked so. */
    public String defaultDatastore(Workspace workspace) {
        try {
            return arm.list(path(workspace, "datastores")).stream()
                    .filter(one -> one.path("properties").path("isDefault").asBoolean())
                    .map(one -> one.path("name").asText())
                    .findFirst()
                    .orElse("workspaceblobstore");
        } catch (IOException e) {
            throw ArmFailures.sentence("the datastores", workspace, "AzureML Data Scientist", e);
        }
    }

    /** The names of all datastores. */
    public List<String> datastores(Workspace workspace) {
        try {
            return names(arm.list(path(workspace, "datastores")));
        } catch (IOException e) {
            throw ArmFailures.sentence("the datastores", workspace, "AzureML Data Scientist", e);
        }
    }

    /** The secret of a datastore whose credential has one. */
    public Secret secret(Workspace workspace, String datastore) {
        String what = "the credential of datastore '%s'".formatted(datastore);
        JsonNode answer;
        try {
            answer = arm.post(path(workspace, "datastores", datastore) + "/listSecrets");
        } catch (IOException e) {
            throw ArmFailures.sentence(what, workspace, "AzureML Data Scientist", e);
        }
        String type = answer.path("secretsType").asText();
        String field = switch (type) {
            case "AccountKey" -> "key";
            case "Sas" -> "sasToken";
            case "ServicePrincipal" -> "clientSecret";
            default ->
                throw new ArclightException(
                        ErrorCode.BAD_STATE,
                        "Azure gave %s as '%s', which Arclight cannot use; expected %s"
                                .formatted(what, type, "an account key, a SAS or a service principal's secret"));
        };
        String value = answer.path(field).asText("");
        if (value.isEmpty()) {
            throw new ArclightException(
                    ErrorCode.BAD_STATE, "Azure gave %s without its field '%s'".formatted(what, field));
        }
        return switch (type) {
            case "AccountKey" -> new Secret.AccountKey(value);
            case "Sas" -> new Secret.Sas(value.startsWith("?") ? value.substring(1) : value);
            default -> new Secret.ClientSecret(value);
        };
    }

    /**
     * A version of a data asset.
     *
     * @param version as it was registered, or {@code latest}
     */
    public DataVersion data(Workspace workspace, String name, String version) {
        String known = version.equals("latest") ? latest(workspace, name) : version;
        try {
            JsonNode properties = arm.get(path(workspace, "data", name) + "/versions/" + known)
                    .path("properties");
            return new DataVersion(
                    properties.path("dataType").asText(),
                    properties.path("dataUri").asText());
        } catch (IOException e) {
            if (ArmFailures.isMissing(e)) {
                throw ArmFailures.missing("data asset", name + ":" + version, workspace, versions(workspace, name), e);
            }
            throw ArmFailures.sentence("the data asset '%s:%s'".formatted(name, version), workspace, "Reader", e);
        }
    }

    private String latest(Workspace workspace, String name) {
        try {
            return arm.get(path(workspace, "data", name))
                    .path("properties")
                    .path("latestVersion")
                    .asText();
        } catch (IOException e) {
            if (ArmFailures.isMissing(e)) {
                throw ArmFailures.missing("data asset", name, workspace, assets(workspace), e);
            }
            throw ArmFailures.sentence("the data asset '%s'".formatted(name), workspace, "Reader", e);
        }
    }

    /** What there is instead: the versions of an asset, or, if it has none, all assets. */
    private List<String> versions(Workspace workspace, String name) {
        try {
            List<String> versions = names(arm.list(path(workspace, "data", name) + "/versions"));
            if (!versions.isEmpty()) {
                return versions.stream().map(version -> name + ":" + version).toList();
            }
        } catch (IOException e) {
            if (!ArmFailures.isMissing(e)) {
                throw ArmFailures.sentence("the versions of '%s'".formatted(name), workspace, "Reader", e);
            }
        }
        return assets(workspace);
    }

    private List<String> assets(Workspace workspace) {
        try {
            return names(arm.list(path(workspace, "data")));
        } catch (IOException e) {
            throw ArmFailures.sentence("the data assets", workspace, "Reader", e);
        }
    }

    private static List<String> names(List<JsonNode> entries) {
        return entries.stream().map(entry -> entry.path("name").asText()).toList();
    }

    private static String path(Workspace workspace, String kind) {
        return workspace.resourceId() + "/" + kind;
    }

    private static String path(Workspace workspace, String kind, String name) {
        return path(workspace, kind) + "/" + name;
    }
}
