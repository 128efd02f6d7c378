package dev.arclight.azure.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.arclight.azure.arm.WorkspaceResources;
import dev.arclight.azure.submit.Account;
import dev.arclight.azure.submit.Shipment;
import dev.arclight.azure.submit.Store;
import dev.arclight.azure.submit.Yaml;
import dev.arclight.azure.uri.Workspace;
import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.Settings;
import dev.arclight.base.progress.Progress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A scoring server as a managed online endpoint of Azure ML, with the user's image as a custom container. Azure ML
 * checks the callers' key and passes the request on with its Authorization header; the server asks for the same key.
 * The key is kept in a workspace connection, from which Azure ML puts it into the container's environment (its secret
 * injection): it is in no file, no property of the deployment and no log.
 *
 * <p>The deployment is named for what it runs, so that another image or model is another deployment; all traffic goes
 * to the newest once it is up, and the one before stays, without traffic, to go back to.
 */
final class OnlineEndpoint {
    private static final Duration DEPLOY = Duration.ofMinutes(40);
    private static final long LOOK_SECONDS = 5;
    private static final String VERSION = WorkspaceResources.API_VERSION;
    private static final String TOKEN_VARIABLE = "ARCLIGHT_SERVING_TOKEN";

    private final JsonMapper json = new JsonMapper();
    private final Serving serving;
    private final String instanceType;

    OnlineEndpoint(Serving serving, String instanceType) {
        this.serving = serving;
        this.instanceType = instanceType;
    }

    /** The deployment's name: b and a number made of image and models. */
    String deployment() {
        return "b%08x".formatted(java.util.Objects.hash(serving.image(), serving.models(), serving.knownAs()));
    }

    private String connection() {
        return serving.name() + "-token";
    }

    /** What the container runs first: the server reads its token from a file. */
    private String start() {
        String command = String.join(
                " ", serving.command().stream().map(OnlineEndpoint::quoted).toList());
        return "umask 077 && mkdir -p /tmp/run && printf %%s \"$%s\" > /tmp/run/token && unset %s && exec %s"
                .formatted(TOKEN_VARIABLE, TOKEN_VARIABLE, command.replace(Serving.TOKEN_FILE, "/tmp/run/token"));
    }

    private static String quoted(String word) {
        return word.matches("[\\w@:/.,=-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    /** The image as Azure ML builds it: a custom container cannot be given a command but by its image. */
    String dockerfile() {
        try {
            return """
                    # Written by 'arclight deploy serving --to aml'.
                    FROM %s
                    EXPOSE %d
                    ENTRYPOINT []
                    CMD ["/bin/sh", "-c", %s]
                    """.formatted(serving.image(), Serving.PORT, json.writeValueAsString(start()));
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalArgumentException("No text: " + start(), e);
        }
    }

    private Map<String, String> variables() {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put(TOKEN_VARIABLE, "${{azureml://connections/%s/credentials/token}}".formatted(connection()));
        serving.tracking().ifPresent(uri -> variables.put("ARCLIGHT_TRACKING_URI", uri));
        return variables;
    }

    /** For {@code az ml online-endpoint create} and {@code az ml online-deployment create}. */
    Map<String, String> files() {
        Map<String, Object> endpoint = new LinkedHashMap<>();
        endpoint.put("$schema", "https://azuremlschemas.azureedge.net/latest/managedOnlineEndpoint.schema.json");
        endpoint.put("name", serving.name());
        endpoint.put("auth_mode", "key");
        endpoint.put("properties", Map.of("enforce_access_to_default_secret_stores", "enabled"));
        Map<String, Object> routes = new LinkedHashMap<>();
        routes.put("liveness_route", route("/version"));
        routes.put("readiness_route", route("/ping"));
        routes.put("scoring_route", route("/invocations"));
        Map<String, Object> environment = new LinkedHashMap<>();
        environment.put("build", Map.of("path", ".", "dockerfile_path", "Dockerfile"));
        environment.put("inference_config", routes);
        Map<String, Object> deployment = new LinkedHashMap<>();
        deployment.put("$schema", "https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json");
        deployment.put("name", deployment());
        deployment.put("endpoint_name", serving.name());
        deployment.put("environment", environment);
        deployment.put("environment_variables", variables());
        deployment.put("instance_type", instanceType);
        deployment.put("instance_count", serving.least());
        return Map.of(
                "endpoint.yaml", Yaml.of(endpoint), "deployment.yaml", Yaml.of(deployment), "Dockerfile", dockerfile());
    }

    private static Map<String, Object> route(String path) {
        Map<String, Object> route = new LinkedHashMap<>();
        route.put("path", path);
        route.put("port", Serving.PORT);
        return route;
    }

    /**
     * Makes or changes the endpoint and waits until it answers by the new deployment.
     *
     * @return where to send requests
     * @throws ArclightException FORBIDDEN, UNAVAILABLE (quota), BAD_STATE if Azure ML could not start it; a deployment
     *     that did not start is deleted, and so is an endpoint that was made for it
     */
    String deploy(Account account, String token, Progress progress) throws InterruptedException {
        Workspace workspace = account.workspace();
        WorkspaceResources resources = account.resources();
        Store store = Store.of(account, Settings.empty());
        String context = "arclight/serving/%s/%s".formatted(serving.name(), deployment());
        String location = resources.workspace(workspace).path("location").asText();
        String endpoint = "onlineEndpoints/" + serving.name();
        String deployment = endpoint + "/deployments/" + deployment();
        boolean isNew = resources.find(workspace, endpoint, "the endpoint").isEmpty();
        String environment = "environments/%s/versions/%s".formatted(serving.name(), deployment());
        try {
            put(
                    resources,
                    workspace,
                    "connections/" + connection(),
                    "the connection that keeps the key",
                    secret(token));
            new Shipment()
                    .text("Dockerfile", dockerfile())
                    .send(account, account.uri(store.name(), context), "shipping the Dockerfile", progress);
            put(resources, workspace, environment, "the environment", environment(store.blob(context) + "/"));
            if (isNew) { // one that is there keeps its traffic until the new deployment is up
                put(resources, workspace, endpoint, "the endpoint", endpoint(location, token, ""));
            }
            await(resources, workspace, endpoint, "the endpoint '%s'".formatted(serving.name()), progress);
            put(resources, workspace, deployment, "the deployment", deployment(location, workspace, environment));
            await(resources, workspace, deployment, "the deployment '%s'".formatted(deployment()), progress);
        } catch (RuntimeException | InterruptedException e) {
            try {
                resources.delete(workspace, isNew ? endpoint : deployment, "what was made");
            } catch (ArclightException left) {
                e.addSuppressed(left);
            }
            throw e;
        }
        JsonNode answer = put(resources, workspace, endpoint, "the traffic", endpoint(location, token, deployment()));
        return answer.path("properties").path("scoringUri").asText();
    }

    private static JsonNode put(
            WorkspaceResources resources, Workspace workspace, String path, String what, ObjectNode body) {
        return resources.put(workspace, path, what, body, VERSION);
    }

    private static void await(
            WorkspaceResources resources, Workspace workspace, String path, String what, Progress progress)
            throws InterruptedException {
        long deadline = System.nanoTime() + DEPLOY.toNanos();
        try (Progress.Task task = progress.start("waiting for " + what, 0, "")) {
            while (true) {
                String state = resources
                        .find(workspace, path, what)
                        .map(found -> found.path("properties")
                                .path("provisioningState")
                                .asText())
                        .orElse("Deleted");
                task.note(state);
                switch (state) {
                    case "Succeeded" -> {
                        return;
                    }
                    case "Failed", "Canceled", "Deleted", "Deleting" ->
                        throw new ArclightException(
                                ErrorCode.BAD_STATE,
                                "Azure ML could not make %s (%s): 'az ml online-deployment get-logs' says why"
                                        .formatted(what, state));
                    default -> {
                        if (System.nanoTime() > deadline) {
                            throw new ArclightException(
                                    ErrorCode.TIMEOUT,
                                    "Azure ML is still at %s after %d min (%s)"
                                            .formatted(what, DEPLOY.toMinutes(), state));
                        }
                    }
                }
                TimeUnit.SECONDS.sleep(LOOK_SECONDS);
            }
        }
    }

    private ObjectNode secret(String token) {
        ObjectNode body = json.createObjectNode();
        body.putObject("properties")
                .put("category", "CustomKeys")
                .put("authType", "CustomKeys")
                .put("target", "arclight")
                .putObject("credentials")
                .putObject("keys")
                .put("token", token);
        return body;
    }

    private ObjectNode environment(String context) {
        ObjectNode body = json.createObjectNode();
        ObjectNode properties = body.putObject("properties").put("osType", "Linux");
        properties.putObject("build").put("contextUri", context).put("dockerfilePath", "Dockerfile");
        ObjectNode routes = properties.putObject("inferenceConfig");
        routes.putObject("livenessRoute").put("path", "/version").put("port", Serving.PORT);
        routes.putObject("readinessRoute").put("path", "/ping").put("port", Serving.PORT);
        routes.putObject("scoringRoute").put("path", "/invocations").put("port", Serving.PORT);
        return body;
    }

    /** @param newest the deployment that gets all traffic, or empty for none yet */
    private ObjectNode endpoint(String location, String token, String newest) {
        ObjectNode body = json.createObjectNode().put("location", location);
        body.putObject("identity").put("type", "SystemAssigned");
        ObjectNode properties = body.putObject("properties").put("authMode", "Key");
        properties.putObject("keys").put("primaryKey", token);
        properties.putObject("properties").put("enforce_access_to_default_secret_stores", "enabled");
        if (!newest.isEmpty()) {
            properties.putObject("traffic").put(newest, 100);
        }
        return body;
    }

    private ObjectNode deployment(String location, Workspace workspace, String environment) {
        ObjectNode body = json.createObjectNode().put("location", location);
        body.putObject("sku").put("name", "Default").put("capacity", serving.least());
        ObjectNode properties = body.putObject("properties")
                .put("endpointComputeType", "Managed")
                .put("environmentId", workspace.resourceId() + "/" + environment)
                .put("instanceType", instanceType);
        properties.putObject("scaleSettings").put("scaleType", "Default");
        properties
                .putObject("requestSettings")
                .put("requestTimeout", "PT30S")
                .put("maxConcurrentRequestsPerInstance", 64);
        properties
                .putObject("readinessProbe")
                .put("initialDelay", "PT5S")
                .put("period", "PT5S")
                .put("timeout", "PT2S")
                .put("failureThreshold", 30);
        ObjectNode variables = properties.putObject("environmentVariables");
        variables().forEach(variables::put);
        return body;
    }
}
