package dev.arclight.azure.arm;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * What a workspace says of a datastore; see {@code Datastores - Get} of the REST API.
 *
 * @param name in its workspace
 * @param location where its data is
 * @param credential how it is read
 */
public record Datastore(String name, Location location, Credential credential) {
    /** Where the data of a datastore is. */
    public sealed interface Location {
        /**
         * A container of a storage account.
         *
         * @param account name of the storage account
         * @param container name of its container, or of its filesystem
         * @param endpoint suffix of the cloud, such as {@code core.windows.net}
         * @param encrypted whether it is reached by TLS
         */
        record Container(String account, String container, String endpoint, boolean encrypted) implements Location {}

        /**
         * An item of a Fabric workspace.
         *
         * @param workspace name or id
         * @param item name or id with its kind
         * @param endpoint host
         */
        record OneLake(String workspace, String item, String endpoint) implements Location {}

        /** Something that Hadoop has no filesystem for; {@code type} is Azure's word for it. */
        record Unsupported(String type) implements Location {}
    }

    /** How a datastore is read: what its definition says, without the secret. */
    public sealed interface Credential {
        /** The caller's own identity. */
        record Identity() implements Credential {}

        /** A secret that {@code listSecrets} gives: a key or a shared access signature. */
        record Secret() implements Credential {}

        /** A service principal, whose secret {@code listSecrets} gives. */
        record ServicePrincipal(String authority, String tenant, String client) implements Credential {}

        /** Something else; {@code type} is Azure's word for it. */
        record Unsupported(String type) implements Credential {}
    }

    static Datastore of(JsonNode answer) {
        JsonNode properties = answer.path("properties");
        return new Datastore(
                answer.path("name").asText(), location(properties), credential(properties.path("credentials")));
    }

    private static Location location(JsonNode properties) {
        String type = properties.path("datastoreType").asText();
        String endpoint = text(properties, "endpoint");
        return switch (type) {
            case "AzureBlob", "AzureDataLakeGen2" ->
                new Location.Container(
                        properties.path("accountName").asText(),
                        properties
                                .path(type.equals("AzureBlob") ? "containerName" : "filesystem")
                                .asText(),
                        endpoint.isEmpty() ? "core.windows.net" : endpoint,
                        !"http".equals(properties.path("protocol").asText()));
            case "OneLake" ->
                new Location.OneLake(
                        text(properties, "oneLakeWorkspaceName"),
                        text(properties.path("artifact"), "artifactName"),
                        endpoint.isEmpty() ? "onelake.dfs.fabric.microsoft.com" : endpoint);
            default -> new Location.Unsupported(type);
        };
    }

    private static Credential credential(JsonNode credentials) {
        String type = credentials.path("credentialsType").asText();
        return switch (type) {
            case "AccountKey", "Sas" -> new Credential.Secret();
            case "None", "" -> new Credential.Identity();
            case "ServicePrincipal" -> {
                String authority = text(credentials, "authorityUrl");
                yield new Credential.ServicePrincipal(
                        authority.isEmpty() ? "https://login.microsoftonline.com" : authority,
                        text(credentials, "tenantId"),
                        text(credentials, "clientId"));
            }
            default -> new Credential.Unsupported(type);
        };
    }

    private static String text(JsonNode node, String field) {
        return Optional.of(node.path(field).asText(""))
                .filter(text -> !text.equals("null"))
                .orElse("");
    }
}
