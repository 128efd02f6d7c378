package dev.arclight.testing;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs a shared access signature for all of an account's blobs, as Azure's documentation of account SAS says. */
public final class AccountSas {
    private static final String VERSION = "2021-12-02";

    private AccountSas() {}

    /** A token that is valid until {@code expires}. */
    public static String of(String account, String key, Instant expires) {
        String until = expires.truncatedTo(ChronoUnit.SECONDS).toString();
        String rights = "rwdlacupitfx";
        String toSign = String.join("\n", account, rights, "b", "sco", "", until, "", "https,http", VERSION, "", "");
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(Base64.getDecoder().decode(key), "HmacSHA256"));
            String signature = Base64.getEncoder().encodeToString(mac.doFinal(toSign.getBytes(StandardCharsets.UTF_8)));
            return "sv=%s&ss=b&srt=sco&sp=%s&se=%s&spr=https,http&sig=%s"
                    .formatted(VERSION, rights, encoded(until), encoded(signature));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
