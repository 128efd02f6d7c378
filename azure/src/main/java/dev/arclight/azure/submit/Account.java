package dev.arclight.azure.submit;

import dev.arclight.azure.arm.AzureSettings;
import dev.arclight.azure.arm.WorkspaceResources;
import dev.arclight.azure.uri.Workspace;
import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.engine.job.JobRecord;
import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The workspace that a job is submitted to, and how it is reached: {@code fs.azureml.*} as {@code azureml://} paths
 * have it, given by {@code --conf spark.hadoop.fs.azureml...}, the environment or {@code config.json}.
 */
public final class Account {
    private static final String HADOOP = "spark.hadoop.";
    private static final String HANDLE = "hadoop:";
    /** Who one is where one submits; on the cluster the job has an identity of its own. */
    private static final Set<String> OURS = Set.of("fs.azureml.auth", "fs.azureml.token-file");

    private final Map<String, String> given;
    private final Configuration configuration;
    private final AzureSettings settings;
    private final Workspace workspace;
    private final WorkspaceResources resources;

    private Account(Map<String, String> given) {
        this.given = Map.copyOf(given);
        this.configuration = new Configuration();
        given.forEach(configuration::set);
        this.settings = AzureSettings.of(configuration);
        this.workspace = settings.workspace();
        this.resources = settings.resources();
    }

    /**
     * From the settings of a request.
     *
     * @throws ArclightException BAD_INPUT if nothing names the workspace
     */
    public static Account of(Map<String, String> spark) {
        Map<String, String> given = new TreeMap<>();
        spark.forEach((key, value) -> {
            if (key.startsWith(HADOOP + "fs.")) {
                given.put(key.substring(HADOOP.length()), value);
            }
        });
        return new Account(given);
    }

    /** As {@link #handle} left it with a job. */
    static Account of(JobRecord job) {
        Map<String, String> given = new TreeMap<>();
        job.handle().forEach((key, value) -> {
            if (key.startsWith(HANDLE)) {
                given.put(key.substring(HANDLE.length()), value);
            }
        });
        return new Account(given);
    }

    /** What finds the same workspace again; no secrets. */
    Map<String, String> handle() {
        Map<String, String> handle = new LinkedHashMap<>();
        given.forEach((key, value) -> {
            if (key.startsWith("fs.azureml.") || (key.startsWith("fs.azure.") && !holdsSecret(key))) {
                handle.put(HANDLE + key, value);
            }
        });
        handle.put(HANDLE + "fs.azureml.subscription", workspace.subscription());
        handle.put(HANDLE + "fs.azureml.resource-group", workspace.resourceGroup());
        handle.put(HANDLE + "fs.azureml.workspace", workspace.name());
        return handle;
    }

    private static boolean holdsSecret(String key) {
        return key.matches(".*(key|secret|sas|token|password|oauth).*");
    }

    /** Spark's settings as the driver gets them: without those that say who one is where one submits. */
    static Map<String, String> forDriver(Map<String, String> spark) {
        Map<String, String> passed = new TreeMap<>(spark);
        passed.keySet().removeIf(key -> key.startsWith(HADOOP) && OURS.contains(key.substring(HADOOP.length())));
        return passed;
    }

    public AzureSettings settings() {
        return settings;
    }

    public Workspace workspace() {
        return workspace;
    }

    public WorkspaceResources resources() {
        return resources;
    }

    /** The long form of a path in a datastore of the workspace: the same everywhere. */
    public String uri(String datastore, String path) {
        return "azureml://subscriptions/%s/resourcegroups/%s/workspaces/%s/datastores/%s/paths/%s"
                .formatted(workspace.subscription(), workspace.resourceGroup(), workspace.name(), datastore, path);
    }

    /**
     * The filesystem of such a path; owned by the caller.
     *
     * @throws ArclightException UNAVAILABLE
     */
    FileSystem files(String uri) {
        try {
            return FileSystem.newInstance(URI.create(uri), configuration);
        } catch (IOException e) {
            throw new ArclightException(ErrorCode.UNAVAILABLE, "Cannot open %s: %s".formatted(uri, e.getMessage()), e);
        }
    }

    /** Deletes a folder with all that is in it; nothing happens if it is not there. */
    public void deleteFolder(String uri) throws IOException {
        try (FileSystem files = files(uri)) {
            files.delete(new Path(uri), true);
        }
    }
}
