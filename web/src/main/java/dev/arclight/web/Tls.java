package dev.arclight.web;

import dev.arclight.base.ArclightException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** What a server shows to prove who it is: PEM files as other servers take them. */
final class Tls {
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

    private Tls() {}

    /**
     * A context for a server.
     *
     * @param certificates PEM: the server's certificate first, then those that vouch for it
     * @param key PEM: PKCS#8, not encrypted
     */
    static SSLContext context(Path certificates, Path key) {
        try (InputStream in = Files.newInputStream(certificates)) {
            List<? extends Certificate> chain =
                    List.copyOf(CertificateFactory.getInstance("X.509").generateCertificates(in));
            if (chain.isEmpty()) {
                throw ArclightException.badInput("%s holds no certificate; expected PEM".formatted(certificates));
            }
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            char[] password = new char[0]; // in memory only
            String algorithm = chain.get(0).getPublicKey().getAlgorithm();
            store.setKeyEntry("server", key(key, algorithm), password, chain.toArray(Certificate[]::new));
            KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(store, password);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), null, null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new ArclightException(
                    dev.arclight.base.ErrorCode.BAD_INPUT,
                    "The certificate %s and the key %s cannot be used: %s".formatted(certificates, key, e),
                    e);
        }
    }

    private static PrivateKey key(Path file, String algorithm) throws IOException, GeneralSecurityException {
        Matcher matcher = KEY.matcher(Files.readString(file, StandardCharsets.US_ASCII));
        if (!matcher.find()) {
            throw ArclightException.badInput(
                    "%s holds no key that is read here; expected PEM with BEGIN PRIVATE KEY (PKCS#8, not encrypted), as: openssl pkcs8 -topk8 -nocrypt"
                            .formatted(file));
        }
        byte[] encoded = Base64.getMimeDecoder().decode(matcher.group(1));
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
    }
}
