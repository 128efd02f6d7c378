package dev.arclight.azure.submit;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.arclight.azure.uri.Workspace;
import dev.arclight.engine.job.JobId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * A command job on a compute cluster, as Resource Manager takes it and as {@code az ml job create} does.
 *
 * @param name shown
 * @param environment {@code NAME:VERSION}
 * @param folder {@code azureml://} path of what was shipped
 * @param managedIdentity whether it runs as the compute's identity
 * @param token of Ray, where it can only come by the job's variables; empty otherwise
 */
record AmlJob(
        JobId id,
        String name,
        AmlSettings.Cluster cluster,
        String environment,
        String folder,
        boolean managedIdentity,
        String token) {
    static final String START = "arclight-aml-start.py";
    static final String TOKEN = "ray-token";
    /** {@code distribution: ray} is not in the version that the rest uses. */
    private static final String RAY_API_VERSION = "2025-12-01";

    private static final String INPUT = "job";
    private static final int RAY_PORT = 6379;

    String apiVersion(String usual) {
        return cluster.rayByAzure() ? RAY_API_VERSION : usual;
    }

    /** What each node runs, or, where Azure ML starts Ray, the head alone. Nothing secret is in it. */
    String command() {
        return cluster.rayByAzure()
                ? "/opt/arclight/bin/arclight aml-driver ${{inputs.%s}}".formatted(INPUT)
                : "%s/bin/python ${{inputs.%s}}/%s ${{inputs.%s}}"
                        .formatted(AmlEnvironment.PYTHON, INPUT, START, INPUT);
    }

    Map<String, String> variables() {
        Map<String, String> variables = new TreeMap<>();
        variables.put("RAY_AUTH_MODE", "token");
        if (cluster.rayByAzure()) {
            variables.put("RAY_AUTH_TOKEN", token);
        } else {
            variables.put(
                    "ARCLIGHT_AML_HEAD_TIMEOUT",
                    String.valueOf(cluster.headTimeout().toSeconds()));
        }
        return variables;
    }

    /** The body of {@code Jobs - Create Or Update}. */
    ObjectNode body(Workspace workspace) {
        String[] parts = environment.split(":", 2);
        ObjectNode properties = new JsonMapper().createObjectNode();
        properties.put("jobType", "Command").put("displayName", name).put("experimentName", cluster.experiment());
        properties.put("computeId", workspace.resourceId() + "/computes/" + cluster.compute());
        properties.put(
                "environmentId",
                "%s/environments/%s/versions/%s".formatted(workspace.resourceId(), parts[0], parts[1]));
        properties.put("command", command());
        properties
                .putObject("inputs")
                .putObject(INPUT)
                .put("jobInputType", "uri_folder")
                .put("mode", "Download")
                .put("uri", folder);
        properties.putObject("resources").put("instanceCount", cluster.nodes()).put("shmSize", cluster.sharedMemory());
        ObjectNode distribution = properties.putObject("distribution");
        if (cluster.rayByAzure()) {
            distribution.put("distributionType", "Ray").put("port", RAY_PORT).put("includeDashboard", true);
        } else {
            distribution.put("distributionType", "Mpi").put("processCountPerInstance", 1);
        }
        ObjectNode variables = properties.putObject("environmentVariables");
        variables().forEach(variables::put);
        properties.putObject("identity").put("identityType", managedIdentity ? "Managed" : "AMLToken");
        ObjectNode limits = properties.putObject("limits").put("jobLimitsType", "Command");
        cluster.timeLimit().ifPresent(limit -> limits.put("timeout", limit.toString()));
        properties.putObject("tags").put("arclight-job", id.text());
        ObjectNode body = new JsonMapper().createObjectNode();
        body.set("properties", properties);
        return body;
    }

    /** For {@code az ml job create --file}. A token that stands among the variables is left out: put one in. */
    String yaml() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("$schema", "https://azuremlschemas.azureedge.net/latest/commandJob.schema.json");
        document.put("type", "command");
        document.put("name", id.text());
        document.put("display_name", name);
        document.put("experiment_name", cluster.experiment());
        document.put("compute", "azureml:" + cluster.compute());
        document.put("environment", "azureml:" + environment);
        document.put("command", command());
        Map<String, Object> input = new LinkedHashMap<>();
        input.put("type", "uri_folder");
        input.put("mode", "download");
        input.put("path", folder);
        document.put("inputs", Map.of(INPUT, input));
        Map<String, Object> resources = new LinkedHashMap<>();
        resources.put("instance_count", cluster.nodes());
        resources.put("shm_size", cluster.sharedMemory());
        document.put("resources", resources);
        Map<String, Object> distribution = new LinkedHashMap<>();
        if (cluster.rayByAzure()) {
            distribution.put("type", "ray");
            distribution.put("port", RAY_PORT);
            distribution.put("include_dashboard", true);
        } else {
            distribution.put("type", "mpi");
            distribution.put("process_count_per_instance", 1);
        }
        document.put("distribution", distribution);
        Map<String, String> variables = new TreeMap<>(variables());
        variables.remove("RAY_AUTH_TOKEN");
        document.put("environment_variables", variables);
        document.put("identity", Map.of("type", managedIdentity ? "managed" : "aml_token"));
        cluster.timeLimit().ifPresent(limit -> document.put("limits", Map.of("timeout", limit.toSeconds())));
        document.put("tags", Map.of("arclight-job", id.text()));
        return Yaml.of(document);
    }
}
