package dev.arclight.google.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.arclight.testing.StandIn;
import dev.arclight.testing.StandIn.Answer;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Application Default Credentials against a stand-in that answers as Google's pages show: "Using OAuth 2.0 for server
 * to server applications" (JWT), "Refreshing an access token" and, for machines, "Access tokens from the metadata
 * server".
 */
@Timeout(60)
class GoogleTokensTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path home;

    private static Answer token(String token, int seconds) {
        return Answer.json(
                "{\"access_token\": \"%s\", \"expires_in\": %d, \"token_type\": \"Bearer\"}".formatted(token, seconds));
    }

    private static Map<String, String> form(StandIn.Seen request) {
        Map<String, String> form = new TreeMap<>();
        for (String pair : request.text().split("&", -1)) {
            form.put(
                    pair.substring(0, pair.indexOf('=')),
                    URLDecoder.decode(pair.substring(pair.indexOf('=') + 1), StandardCharsets.UTF_8));
        }
        return form;
    }

    private Map<String, String> environment(String key) throws IOException {
        Path file = home.resolve("key.json");
        Files.writeString(file, key);
        return Map.of("GOOGLE_APPLICATION_CREDENTIALS", file.toString());
    }

    @Test
    void whatAPersonSignedInWithIsExchangedAndKeptUntilItIsRefused() throws IOException {
        AtomicInteger number = new AtomicInteger();
        try (StandIn google = new StandIn(request -> token("ya29." + number.incrementAndGet(), 3599))) {
            Path gcloud = home.resolve(".config/gcloud");
            Files.createDirectories(gcloud);
            Files.writeString(
                    gcloud.resolve("application_default_credentials.json"),
                    "{\"type\": \"authorized_user\", \"client_id\": \"id\", \"client_secret\": \"s&1\", \"refresh_token\":"
                            + " \"1//r\", \"token_uri\": \"%s/token\"}".formatted(google.uri()));
            GoogleTokens tokens = GoogleTokens.of(Map.of(), home);
            assertThat(tokens.authorization()).contains("Bearer ya29.1");
            assertThat(tokens.authorization()).contains("Bearer ya29.1");
            assertThat(tokens.refused("Bearer ya29.1")).isTrue();
            assertThat(tokens.authorization()).contains("Bearer ya29.2");
            assertThat(google.seen()).hasSize(2);
            assertThat(form(google.seen().get(0)))
                    .isEqualTo(Map.of(
                            "grant_type", "refresh_token",
                            "client_id", "id",
                            "client_secret", "s&1",
                            "refresh_token", "1//r"));
        }
    }

    @Test
    void aServiceAccountsKeySignsWhatItAsks() throws IOException, GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair pair = generator.generateKeyPair();
        String pem = "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'})
                        .encodeToString(pair.getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
        AtomicInteger number = new AtomicInteger();
        try (StandIn google = new StandIn(request -> token("t" + number.incrementAndGet(), 3599))) {
            String key = JSON.writeValueAsString(Map.of(
                    "type", "service_account",
                    "client_email", "job@my-project-1.iam.gserviceaccount.com",
                    "private_key_id", "k1",
                    "private_key", pem,
                    "token_uri", google.uri() + "/token"));
            assertThat(GoogleTokens.of(environment(key), home).authorization()).contains("Bearer t1");
            Map<String, String> form = form(google.seen().get(0));
            assertThat(form).containsEntry("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer");
            String[] jwt = form.getOrDefault("assertion", "").split("\\.", -1);
            JsonNode claims = JSON.readTree(Base64.getUrlDecoder().decode(jwt[1]));
            assertThat(claims.path("iss").asText()).isEqualTo("job@my-project-1.iam.gserviceaccount.com");
            assertThat(claims.path("aud").asText()).isEqualTo(google.uri() + "/token");
            assertThat(claims.path("exp").asLong() - claims.path("iat").asLong())
                    .isEqualTo(3600);
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initVerify(pair.getPublic());
            signature.update((jwt[0] + "." + jwt[1]).getBytes(StandardCharsets.US_ASCII));
            assertThat(signature.verify(Base64.getUrlDecoder().decode(jwt[2]))).isTrue();
        }
    }

    @Test
    void aMachineAsksItsMetadataServer() {
        try (StandIn metadata = new StandIn(request -> "Google".equals(request.header("Metadata-Flavor"))
                ? token("of-machine", 300)
                : Answer.status(403, "Missing Metadata-Flavor:Google header."))) {
            String host = metadata.uri().getAuthority();
            assertThat(GoogleTokens.of(Map.of("GCE_METADATA_HOST", host), home).authorization())
                    .contains("Bearer of-machine");
            assertThat(metadata.seen().get(0).path())
                    .isEqualTo("/computeMetadata/v1/instance/service-accounts/default/token");
        }
    }

    @Test
    void whatIsWrongWithCredentialsIsSaidWithoutShowingThem() throws IOException {
        assertThatThrownBy(() -> GoogleTokens.of(Map.of("GOOGLE_APPLICATION_CREDENTIALS", "/nowhere/k.json"), home)
                        .authorization())
                .hasMessageContaining("Cannot read the credentials in /nowhere/k.json");
        assertThatThrownBy(() -> GoogleTokens.of(environment("{\"type\": \"external_account\"}"), home)
                        .authorization())
                .hasMessageContaining("of type 'external_account'");
        assertThatThrownBy(() -> GoogleTokens.of(
                                environment("{\"type\": \"authorized_user\", \"token_uri\": \"http://example.org/t\"}"),
                                home)
                        .authorization())
                .hasMessageContaining("expected https://HOST");
        try (StandIn google = new StandIn(request ->
                Answer.status(400, "{\"error\": \"invalid_grant\", \"error_description\": \"Bad Request\"}"))) {
            String key = "{\"type\": \"authorized_user\", \"client_id\": \"id\", \"client_secret\": \"hunter2\","
                    + " \"refresh_token\": \"1//r\", \"token_uri\": \"%s/token\"}".formatted(google.uri());
            assertThatThrownBy(() -> GoogleTokens.of(environment(key), home).authorization())
                    .hasMessageContaining("gcloud auth application-default login")
                    .hasMessageContaining("status 400")
                    .hasMessageNotContaining("hunter2");
        }
    }
}
