package dev.arclight.testing;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for Azure Resource Manager: answers for datastores and data in the fields of the published examples of API
 * version 2024-10-01 ({@code Datastore/get}, {@code list}, {@code listSecrets}, {@code Workspace/DataVersionBase/get},
 * {@code list} in Azure's repository of REST specifications; pages as {@code nextLink} with {@code $skipToken}), and
 * refuses as Azure does: without a token, with an expired one, without {@code api-version}, without a right. Lists come
 * two entries a page. What is written (environments, codes, jobs, endpoints) is {@link ArmWrites}.
 */
public final class ArmStandIn implements AutoCloseable {
    private static final int PAGE = 2;
    private static final String VERSION = "2024-10-01";

    private final ObjectMapper mapper = new ObjectMapper();
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Path tokenFile;
    private final Map<String, Map<String, Object>> resources = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final Map<String, Supplier<Map<String, Object>>> secrets = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final Set<String> workspaces = ConcurrentHashMap.newKeySet();
    private final Set<String> denied = ConcurrentHashMap.newKeySet();
    private final Queue<Integer> troubles = new ConcurrentLinkedQueue<>();
    private final List<String> requests = new ArrayList<>();
    private final ArmWrites writes = new ArmWrites(this);
    private volatile String token = "";

    /** A workspace, by the three names that {@code azureml://} URIs give it. */
    public record Workspace(String subscription, String resourceGroup, String name) {
        /** The id of its resource. */
        public String id() {
            return "/subscriptions/%s/resourceGroups/%s/providers/Microsoft.MachineLearningServices/workspaces/%s"
                    .formatted(subscription, resourceGroup, name);
        }

        /** As Hadoop's settings name the workspace that one works in. */
        public Map<String, String> settings() {
            return Map.of(
                    "fs.azureml.subscription", subscription,
                    "fs.azureml.resource-group", resourceGroup,
                    "fs.azureml.workspace", name);
        }
    }

    private ArmStandIn(HttpServer server, Path folder) {
        this.server = server;
        this.tokenFile = folder.resolve("token.json");
    }

    /** Starts one; it writes the token that it accepts into {@code folder}. */
    public static ArmStandIn start(Path folder) throws IOException {
        ArmStandIn arm = new ArmStandIn(
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0), folder);
        arm.server.createContext("/", arm::answer);
        arm.server.setExecutor(arm.threads);
        arm.server.start();
        arm.renewToken();
        return arm;
    }

    /** Accepts another token from now on, and writes it to the file. */
    public void renewToken() throws IOException {
        revokeToken();
        Files.writeString(
                tokenFile,
                mapper.writeValueAsString(Map.of(
                        "accessToken",
                        token,
                        "expires_on",
                        Instant.now().plusSeconds(3600).getEpochSecond())));
    }

    /** Accepts another token from now on, which nobody has. */
    public void revokeToken() {
        token = "arm-secret-" + Instant.now().toEpochMilli() + "-" + Math.random();
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    public Path tokenFile() {
        return tokenFile;
    }

    /** What makes our client use this one. */
    public Map<String, String> settings() {
        return Map.of(
                "fs.azureml.endpoint", endpoint().toString(),
                "fs.azureml.auth", "token-file",
                "fs.azureml.token-file", tokenFile.toString());
    }

    /** Adds a datastore of the kind AzureBlob on Azurite. */
    public void blobDatastore(
            Workspace workspace,
            String name,
            String account,
            String container,
            String credential,
            @Nullable Supplier<Map<String, Object>> secret) {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("description", "string");
        properties.put("isDefault", false);
        properties.put("credentials", Map.of("credentialsType", credential));
        properties.put("datastoreType", "AzureBlob");
        properties.put("accountName", account);
        properties.put("containerName", container);
        properties.put("endpoint", "core.windows.net");
        properties.put("protocol", "http"); // Azurite's
        put(workspace, "datastores/" + name, name, properties);
        if (secret != null) {
            secrets.put(workspace.id() + "/datastores/" + name, secret);
        }
    }

    /** Adds a datastore of the kind AzureBlob on Azurite, with the first key of its account. */
    public void blobDatastore(Workspace workspace, String name, String account, String container) {
        blobDatastore(
                workspace,
                name,
                account,
                container,
                "AccountKey",
                () -> Map.of(
                        "secretsType",
                        "AccountKey",
                        "key",
                        Azurite.keys(account).first()));
    }

    /** Adds anything else: {@code path} is such as {@code data/wine/versions/3}. */
    public void put(Workspace workspace, String path, String name, Map<String, Object> properties) {
        workspaces.add(workspace.id().toLowerCase(Locale.ROOT));
        String id = workspace.id() + "/" + path;
        synchronized (resources) {
            resources.put(
                    id,
                    Map.of(
                            "id",
                            id,
                            "name",
                            name,
                            "type",
                            "Microsoft.MachineLearningServices/workspaces/" + path.substring(0, path.indexOf('/')),
                            "properties",
                            properties));
        }
    }

    /** Refuses requests to {@code path} of {@code workspace} for want of a right. */
    public void deny(Workspace workspace, String path) {
        denied.add((workspace.id() + "/" + path).toLowerCase(Locale.ROOT));
    }

    /** The next requests get these statuses. */
    public void trouble(Integer... statuses) {
        troubles.addAll(List.of(statuses));
    }

    /** What was written, and what became of it. */
    public ArmWrites writes() {
        return writes;
    }

    /** Method and path of each request so far. */
    public List<String> requests() {
        synchronized (requests) {
            return List.copyOf(requests);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String query = String.valueOf(exchange.getRequestURI().getQuery());
        synchronized (requests) {
            requests.add(exchange.getRequestMethod() + " " + path);
        }
        if (writes.open(exchange, path, query)) {
            return;
        }
        Integer trouble = troubles.poll();
        if (trouble != null) {
            exchange.getResponseHeaders().add("Retry-After", "0");
            error(exchange, trouble, "TooManyRequests", "The request is being throttled.");
        } else if (!("Bearer " + token).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            error(exchange, 401, "ExpiredAuthenticationToken", "The access token expiry is earlier than current time.");
        } else if (writes.history(exchange, path)) {
            return;
        } else if (!query.contains("api-version=" + VERSION) && !query.contains("api-version=" + ArmWrites.LATER)) {
            error(exchange, 400, "MissingApiVersionParameter", "The api-version query parameter is required.");
        } else if (denied.contains(path.toLowerCase(Locale.ROOT))) {
            error(
                    exchange,
                    403,
                    "AuthorizationFailed",
                    "The client 'me' does not have authorization to perform the action over scope '%s'."
                            .formatted(path));
        } else if (workspaces.stream().noneMatch(path.toLowerCase(Locale.ROOT)::startsWith)) {
            error(
                    exchange,
                    404,
                    "ResourceNotFound",
                    "The Resource '%s' under resource group was not found."
                            .formatted(path.replaceAll(".*/providers/|(?<=/workspaces/[^/]{1,40})/.*", "")));
        } else if (path.endsWith("/listSecrets") && exchange.getRequestMethod().equals("POST")) {
            Supplier<Map<String, Object>> secret = secrets.get(path.substring(0, path.lastIndexOf('/')));
            if (secret == null) {
                error(exchange, 404, "UserError", "No secret");
            } else {
                send(exchange, 200, secret.get());
            }
        } else if (!writes.write(exchange, path, query)) {
            resource(exchange, path, query);
        }
    }

    /** The resource of a path, if there is one. */
    @Nullable Map<String, Object> find(String id) {
        synchronized (resources) {
            return resources.get(id);
        }
    }

    void keep(String id, Map<String, Object> resource) {
        synchronized (resources) {
            resources.put(id, resource);
        }
    }

    boolean remove(String id) {
        synchronized (resources) {
            return resources.remove(id) != null;
        }
    }

    private void resource(HttpExchange exchange, String path, String query) throws IOException {
        Map<String, Object> one;
        List<Object> below = new ArrayList<>();
        synchronized (resources) {
            one = resources.get(path);
            resources.forEach((id, value) -> {
                if (id.toLowerCase(Locale.ROOT)
                        .matches(java.util.regex.Pattern.quote(path.toLowerCase(Locale.ROOT)) + "/[^/]+")) {
                    below.add(value);
                }
            });
        }
        if (one != null) {
            send(exchange, 200, one);
        } else if (path.matches(".*/(datastores|data|versions|computes|environments|jobs|onlineEndpoints)")) {
            int from = query.contains("$skipToken=") ? Integer.parseInt(query.replaceAll(".*\\$skipToken=", "")) : 0;
            Map<String, Object> page = new LinkedHashMap<>();
            page.put("value", below.subList(Math.min(from, below.size()), Math.min(from + PAGE, below.size())));
            if (from + PAGE < below.size()) {
                page.put("nextLink", endpoint() + path + "?api-version=" + VERSION + "&$skipToken=" + (from + PAGE));
            }
            send(exchange, 200, page);
        } else {
            error(exchange, 404, "UserError", "Not found: " + path);
        }
    }

    void error(HttpExchange exchange, int status, String code, String message) throws IOException {
        send(exchange, status, Map.of("error", Map.of("code", code, "message", message)));
    }

    void send(HttpExchange exchange, int status, Object body) throws IOException {
        byte[] bytes = mapper.writeValueAsString(body).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        try (exchange) {
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
