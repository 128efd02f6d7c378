package dev.arclight.azure.arm;

import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
import com.azure.identity.AzureCliCredentialBuilder;
import com.azure.identity.ClientSecretCredentialBuilder;
import com.azure.identity.DefaultAzureCredentialBuilder;
import com.azure.identity.DeviceCodeCredentialBuilder;
import com.azure.identity.ManagedIdentityCredentialBuilder;
import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tokens by Azure's identity library, which renews them before they expire. */
final class IdentityTokens implements AccessTokens {
    private static final Logger LOG = LoggerFactory.getLogger(IdentityTokens.class);

    private final String auth;
    private final TokenCredential credential;

    private IdentityTokens(String auth, TokenCredential credential) {
        this.auth = auth;
        this.credential = credential;
    }

    /**
     * @param auth the value of {@code fs.azureml.auth}
     * @param environment holds the secret of an application
     * @throws ArclightException BAD_INPUT if there is no such way, or it lacks something; NOT_FOUND if the add-on is
     *     not installed
     */
    static AccessTokens of(
            String auth, Optional<String> tenant, Optional<String> client, Map<String, String> environment) {
        return new IdentityTokens(auth, credential(auth, tenant, client, environment));
    }

    private static TokenCredential credential(
            String auth, Optional<String> tenant, Optional<String> client, Map<String, String> environment) {
        switch (auth) {
            case "default" -> {
                DefaultAzureCredentialBuilder builder = new DefaultAzureCredentialBuilder();
                tenant.ifPresent(builder::tenantId);
                managedIdentity(client, environment).ifPresent(builder::managedIdentityClientId);
                return builder.build();
            }
            case "managed-identity" -> {
                ManagedIdentityCredentialBuilder builder = new ManagedIdentityCredentialBuilder();
                managedIdentity(client, environment).ifPresent(builder::clientId);
                return builder.build();
            }
            case "client-secret" -> {
                String secret = environment.getOrDefault("AZURE_CLIENT_SECRET", "");
                if (tenant.isEmpty() || client.isEmpty() || secret.isEmpty()) {
                    throw ArclightException.badInput("fs.azureml.auth is client-secret, which needs AZURE_TENANT_ID,"
                            + " AZURE_CLIENT_ID and AZURE_CLIENT_SECRET in the environment; %s is missing"
                                    .formatted(
                                            tenant.isEmpty()
                                                    ? "the first"
                                                    : client.isEmpty() ? "the second" : "the third"));
                }
                return new ClientSecretCredentialBuilder()
                        .tenantId(tenant.get())
                        .clientId(client.get())
                        .clientSecret(secret)
                        .build();
            }
            case "azure-cli" -> {
                AzureCliCredentialBuilder builder = new AzureCliCredentialBuilder();
                tenant.ifPresent(builder::tenantId);
                return builder.build();
            }
            case "device-code" -> {
                DeviceCodeCredentialBuilder builder = new DeviceCodeCredentialBuilder()
                        .challengeConsumer(challenge -> LOG.warn("Sign in to Azure: {}", challenge.getMessage()));
                tenant.ifPresent(builder::tenantId);
                client.ifPresent(builder::clientId);
                return builder.build();
            }
            default ->
                throw ArclightException.badInput("fs.azureml.auth is '%s', expected %s"
                        .formatted(
                                auth,
                                "default, managed-identity, client-secret, azure-cli, device-code or token-file"));
        }
    }

    /** On a cluster with an identity of its own, Azure ML gives that one's id. */
    private static Optional<String> managedIdentity(Optional<String> client, Map<String, String> environment) {
        return client.or(() -> Optional.ofNullable(environment.get("DEFAULT_IDENTITY_CLIENT_ID")))
                .filter(id -> !id.isEmpty());
    }

    @Override
    public AccessToken token(String scope) {
        try {
            var token = credential.getTokenSync(new TokenRequestContext().addScopes(scope));
            return new AccessToken(token.getToken(), token.getExpiresAt().toInstant());
        } catch (RuntimeException e) { // the library's own, several kinds without a common class
            throw new ArclightException(
                    ErrorCode.FORBIDDEN,
                    "Azure gives us no token (fs.azureml.auth is %s): %s; sign in by 'az login', or see docs/clouds.md"
                            .formatted(auth, firstLine(e)),
                    e);
        }
    }

    private static String firstLine(RuntimeException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason given");
    }
}
