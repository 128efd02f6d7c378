package dev.arclight.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.base.ArclightException;
import dev.arclight.testing.Needs;
import dev.arclight.testing.Processes;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class TlsTest {
    @TempDir
    private Path folder;

    /** PEM files. */
    private record Identity(Path certificate, Path key) {}

    private Identity make(String... kind) {
        Path openssl = Needs.program("openssl");
        Path certificate = folder.resolve("server.crt");
        Path key = folder.resolve("server.key");
        List<String> command =
                new java.util.ArrayList<>(List.of(openssl.toString(), "req", "-x509", "-nodes", "-days", "2"));
        command.addAll(List.of(kind));
        command.addAll(List.of(
                "-subj",
                "/CN=localhost",
                "-addext",
                "subjectAltName=DNS:localhost,IP:127.0.0.1",
                "-keyout",
                key.toString(),
                "-out",
                certificate.toString()));
        Processes.run(Duration.ofSeconds(30), Map.of(), command);
        return new Identity(certificate, key);
    }

    @Test
    void clientsThatTrustTheCertificateAreServedAndOthersNot() throws Exception {
        for (String[] kind : List.of(
                new String[] {"-newkey", "rsa:2048"},
                new String[] {"-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"})) {
            Identity identity = make(kind);
            try (WebServer server = WebServer.builder()
                    .tls(identity.certificate(), identity.key())
                    .token(Token.of("ada", Role.READ, "reader-0123456789abcdef"))
                    .signIn()
                    .route(Route.of("GET", "/", Role.ANYONE, request -> Reply.text("safe")))
                    .start()) {
                assertThat(server.uri().getScheme()).isEqualTo("https");
                HttpClient trusting =
                        HttpClient.newBuilder().sslContext(trusting(identity)).build();
                HttpRequest request = HttpRequest.newBuilder(server.uri()).build();
                assertThat(trusting.send(request, BodyHandlers.ofString()).body())
                        .isEqualTo("safe");
                HttpRequest signIn = HttpRequest.newBuilder(server.uri().resolve("/sign-in"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .header("Origin", server.uri().toString())
                        .POST(HttpRequest.BodyPublishers.ofString("token=reader-0123456789abcdef"))
                        .build();
                assertThat(trusting.send(signIn, BodyHandlers.discarding())
                                .headers()
                                .firstValue("Set-Cookie"))
                        .hasValueSatisfying(cookie -> assertThat(cookie).endsWith("; Secure"));
                assertThatThrownBy(() -> HttpClient.newHttpClient().send(request, BodyHandlers.ofString()))
                        .isInstanceOf(SSLHandshakeException.class);
            }
        }
    }

    @Test
    void aKeyOfAnotherKindIsExplained() throws IOException {
        Identity identity = make("-newkey", "rsa:2048");
        Path other = Files.writeString(folder.resolve("other.key"), "-----BEGIN RSA PRIVATE KEY-----\n");
        assertThatThrownBy(() -> WebServer.builder().tls(identity.certificate(), other))
                .isInstanceOf(ArclightException.class)
                .hasMessageContaining("other.key")
                .hasMessageContaining("PKCS#8");
        assertThatThrownBy(() -> WebServer.builder().tls(folder.resolve("none.crt"), identity.key()))
                .hasMessageContaining("none.crt");
    }

    private SSLContext trusting(Identity identity) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (InputStream in = Files.newInputStream(identity.certificate())) {
            store.setCertificateEntry(
                    "server", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
