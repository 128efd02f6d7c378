package dev.arclight.azure.arm;

import com.fasterxml.jackson.databind.JsonNode;
import dev.arclight.azure.uri.Workspace;
import dev.arclight.base.ArclightException;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * What a workspace holds (computes, environments, jobs, endpoints), read and written by path. Every failure is one
 * sentence that names the thing ({@code what}, a noun with its article) and, where Azure refuses, the role. Writes name
 * what they write, so that a repeated one changes nothing. Safe for use by many threads.
 *
 * @see <a href="https://learn.microsoft.com/rest/api/azureml/">the REST API</a>
 */
public final class WorkspaceResources {
    /** The version of the interface that all is asked by, unless a call says another. */
    public static final String API_VERSION = ArmClient.API_VERSION;

    private static final String ROLE = "AzureML Data Scientist";

    private final ArmClient arm;

    WorkspaceResources(ArmClient arm) {
        this.arm = arm;
    }

    /**
     * Reads {@code path}, such as {@code jobs/trips}; empty if there is none.
     *
     * @throws ArclightException FORBIDDEN, UNAVAILABLE, or NOT_FOUND if the workspace itself is not there
     */
    public Optional<JsonNode> find(Workspace workspace, String path, String what) {
        try {
            return Optional.of(arm.get(at(workspace, path)));
        } catch (IOException e) {
            if (ArmFailures.isMissing(e)) {
                return Optional.empty();
            }
            throw ArmFailures.sentence(what, workspace, ROLE, e);
        }
    }

    /** The same, of what must be there. */
    public JsonNode get(Workspace workspace, String path, String kind, String name) {
        return find(workspace, path + "/" + name, "the %s '%s'".formatted(kind, name))
                .orElseThrow(() -> ArmFailures.missing(
                        kind, name, workspace, names(workspace, path, "the %ss".formatted(kind)), null));
    }

    /** The names of all that is at {@code path}. */
    public List<String> names(Workspace workspace, String path, String what) {
        try {
            return arm.list(at(workspace, path)).stream()
                    .map(entry -> entry.path("name").asText())
                    .toList();
        } catch (IOException e) {
            throw ArmFailures.sentence(what, workspace, ROLE, e);
        }
    }

    /**
     * Makes {@code path}, or makes it anew.
     *
     * @param version of the interface
     */
    public JsonNode put(Workspace workspace, String path, String what, JsonNode body, String version) {
        try {
            return arm.put(at(workspace, path), body, version);
        } catch (IOException e) {
            throw ArmFailures.sentence(what, workspace, ROLE, e);
        }
    }

    /** POSTs nothing to {@code path}, which says what is done. */
    public void post(Workspace workspace, String path, String what) {
        try {
            arm.post(at(workspace, path));
        } catch (IOException e) {
            throw ArmFailures.sentence(what, workspace, ROLE, e);
        }
    }

    /** Deletes {@code path}; nothing happens if it is not there. */
    public void delete(Workspace workspace, String path, String what) {
        try {
            arm.delete(at(workspace, path));
        } catch (IOException e) {
            throw ArmFailures.sentence(what, workspace, ROLE, e);
        }
    }

    /** The workspace itself. */
    public JsonNode workspace(Workspace workspace) {
        try {
            return arm.get(workspace.resourceId());
        } catch (IOException e) {
            throw ArmFailures.sentence("the properties", workspace, "Reader", e);
        }
    }

    /**
     * Where a workspace's run history is: it is not part of Resource Manager, which says where by {@code discoveryUrl}.
     */
    public URI runHistory(Workspace workspace) {
        URI discovery = URI.create(
                workspace(workspace).path("properties").path("discoveryUrl").asText());
        try {
            return URI.create(arm.elsewhere("GET", discovery, null).path("api").asText());
        } catch (IOException e) {
            throw ArmFailures.sentence("the services", workspace, ROLE, e);
        }
    }

    /**
     * What run history knows of a job: {@code logFiles} (name to signed address), {@code error}. Not a published
     * interface; Azure's own Python client (azure-ai-ml) asks the same way.
     *
     * @param history as {@link #runHistory} gives it
     */
    public JsonNode runDetails(URI history, Workspace workspace, String job) {
        URI details = URI.create(history + "/history/v1.0" + workspace.resourceId() + "/runs/" + job + "/details");
        try {
            return arm.elsewhere("GET", details, null);
        } catch (IOException e) {
            throw ArmFailures.sentence("the run of job '%s'".formatted(job), workspace, ROLE, e);
        }
    }

    private static String at(Workspace workspace, String path) {
        return workspace.resourceId() + "/" + path;
    }
}
