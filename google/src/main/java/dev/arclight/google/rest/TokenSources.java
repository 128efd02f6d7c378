package dev.arclight.google.rest;

import static dev.arclight.base.ArclightException.badInput;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.rest.Credentials;
import dev.arclight.base.rest.RestClient;
import dev.arclight.base.rest.RestErrors;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;

/** Finds the {@link TokenSource} of whoever runs this. */
final class TokenSources {
    private static final String SCOPE = "https://www.googleapis.com/auth/cloud-platform";
    private static final String TOKENS = "https://oauth2.googleapis.com/token";
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final ObjectMapper JSON = new ObjectMapper();

    private TokenSources() {}

    static TokenSource find(Map<String, String> environment, Path home) {
        String named = environment.getOrDefault("GOOGLE_APPLICATION_CREDENTIALS", "");
        String configuration = environment.getOrDefault("CLOUDSDK_CONFIG", "");
        Path file = !named.isEmpty()
                ? Path.of(named)
                : (configuration.isEmpty() ? home.resolve(".config/gcloud") : Path.of(configuration))
                        .resolve("application_default_credentials.json");
        if (named.isEmpty() && !Files.exists(file)) {
            return metadata(environment.getOrDefault("GCE_METADATA_HOST", "metadata.google.internal"));
        }
        JsonNode key;
        try {
            key = JSON.readTree(Files.readString(file));
        } catch (JsonProcessingException e) {
            throw badInput("%s is no JSON; expected a key file of Google's".formatted(file));
        } catch (IOException e) {
            throw new ArclightException(
                    ErrorCode.NOT_FOUND,
                    "Cannot read the credentials in %s (%s)"
                            .formatted(file, e.getClass().getSimpleName()),
                    e);
        }
        String type = key.path("type").asText("");
        URI tokens = tokens(file, key.path("token_uri").asText(TOKENS));
        return switch (type) {
            case "authorized_user" ->
                form(
                        tokens,
                        "sign-in in " + file,
                        () -> Map.of(
                                "grant_type", "refresh_token",
                                "client_id", required(file, key, "client_id"),
                                "client_secret", required(file, key, "client_secret"),
                                "refresh_token", required(file, key, "refresh_token")));
            case "service_account" -> {
                PrivateKey signing = privateKey(file, required(file, key, "private_key"));
                yield form(
                        tokens,
                        "key file " + file,
                        () -> Map.of(
                                "grant_type",
                                "urn:ietf:params:oauth:grant-type:jwt-bearer",
                                "assertion",
                                assertion(file, key, signing, tokens)));
            }
            default ->
                throw badInput(
                        "%s holds credentials of type '%s'; known here are authorized_user and service_account, and a machine's own service account where there is no file"
                                .formatted(file, type));
        };
    }

    private interface Form {
        Map<String, String> fields();
    }

    private record Source(RestClient server, java.util.function.Supplier<HttpRequest> asking, String origin)
            implements TokenSource {
        @Override
        public HttpRequest ask() {
            return asking.get();
        }
    }

    private static TokenSource form(URI tokens, String origin, Form form) {
        return new Source(
                client("Google's token server", tokens),
                () -> {
                    StringBuilder body = new StringBuilder();
                    form.fields()
                            .forEach((name, value) -> body.append(body.isEmpty() ? "" : "&")
                                    .append(name)
                                    .append('=')
                                    .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
                    return HttpRequest.newBuilder(tokens)
                            .setHeader("Content-Type", "application/x-www-form-urlencoded")
                            .POST(BodyPublishers.ofString(body.toString()))
                            .build();
                },
                origin);
    }

    /** The machine's own service account: Compute Engine, "Access tokens from the metadata server". */
    private static TokenSource metadata(String host) {
        URI server = URI.create("http://" + host);
        return new Source(
                client(
                        "There are no credentials of Google's here ('gcloud auth application-default login' makes some,"
                                + " GOOGLE_APPLICATION_CREDENTIALS names a key file), and the metadata server",
                        server),
                () -> HttpRequest.newBuilder(
                                server.resolve("/computeMetadata/v1/instance/service-accounts/default/token"))
                        .setHeader("Metadata-Flavor", "Google")
                        .GET()
                        .build(),
                "service account of this machine");
    }

    private static RestClient client(String what, URI server) {
        return new RestClient(what, server.resolve("/"), Credentials.none(), RestErrors.plain()).within(PATIENCE);
    }

    private static URI tokens(Path file, String text) {
        URI uri = URI.create(text);
        boolean here = "127.0.0.1".equals(uri.getHost()) || "localhost".equals(uri.getHost());
        if (!"https".equals(uri.getScheme()) && !here) {
            throw badInput("The token_uri in %s is '%s', expected https://HOST".formatted(file, text));
        }
        return uri;
    }

    private static String required(Path file, JsonNode key, String name) {
        String value = key.path(name).asText("");
        if (value.isEmpty()) {
            throw badInput("There is no '%s' in %s".formatted(name, file));
        }
        return value;
    }

    /** RFC 7523: signed by the account's key, good for an hour. */
    private static String assertion(Path file, JsonNode key, PrivateKey signing, URI tokens) {
        long now = Instant.now().getEpochSecond();
        ObjectNode head = JSON.createObjectNode()
                .put("alg", "RS256")
                .put("typ", "JWT")
                .put("kid", key.path("private_key_id").asText(""));
        ObjectNode claims = JSON.createObjectNode()
                .put("iss", required(file, key, "client_email"))
                .put("scope", SCOPE)
                .put("aud", tokens.toString())
                .put("iat", now)
                .put("exp", now + 3600);
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        String text =
                base64.encodeToString(RestClient.bytes(head)) + "." + base64.encodeToString(RestClient.bytes(claims));
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(signing);
            signature.update(text.getBytes(StandardCharsets.US_ASCII));
            return text + "." + base64.encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new ArclightException(ErrorCode.BAD_INPUT, "The key in %s does not sign".formatted(file), e);
        }
    }

    private static PrivateKey privateKey(Path file, String pem) {
        try {
            byte[] bytes = Base64.getMimeDecoder()
                    .decode(pem.replaceAll("-----[A-Z ]+-----", "").strip());
            return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(bytes));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new ArclightException(
                    ErrorCode.BAD_INPUT, "The private_key in %s is no RSA key in PKCS #8".formatted(file), e);
        }
    }
}
