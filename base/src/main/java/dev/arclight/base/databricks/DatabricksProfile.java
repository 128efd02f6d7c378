package dev.arclight.base.databricks;

import static dev.arclight.base.ArclightException.badInput;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.rest.Credentials;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A workspace and what to show there, as Databricks' own tools find it: from {@code DATABRICKS_HOST} with
 * {@code DATABRICKS_TOKEN} or {@code DATABRICKS_CLIENT_ID} and {@code DATABRICKS_CLIENT_SECRET} in the environment,
 * else from a profile ({@code host}, and {@code token} or {@code client_id} and {@code client_secret}) of
 * {@code ~/.databrickscfg} or the file that {@code DATABRICKS_CONFIG_FILE} names. A profile named in the address counts
 * before the environment.
 *
 * @param host such as {@code https://adb-1.azuredatabricks.net}
 */
public record DatabricksProfile(URI host, Credentials credentials) {
    /**
     * Looks for a workspace.
     *
     * @param uri {@code databricks} or {@code databricks://profile}
     * @param home where {@code .databrickscfg} is
     * @throws ArclightException BAD_INPUT, NOT_FOUND, saying what is missing to sign in
     */
    public static DatabricksProfile of(String uri, Map<String, String> environment, Path home) {
        String named =
                uri.contains("://") ? uri.substring(uri.indexOf("://") + 3).replaceAll("/+$", "") : "";
        if (named.indexOf('@') >= 0 || named.indexOf(':') >= 0) {
            throw badInput(
                    "The address of the workspace is not of the form databricks://profile; secrets belong into the"
                            + " environment or ~/.databrickscfg");
        }
        if (named.isEmpty() && !environment.getOrDefault("DATABRICKS_HOST", "").isBlank()) {
            return of(
                    "the environment (DATABRICKS_…)",
                    Map.of(
                            "host", environment.getOrDefault("DATABRICKS_HOST", ""),
                            "token", environment.getOrDefault("DATABRICKS_TOKEN", ""),
                            "client_id", environment.getOrDefault("DATABRICKS_CLIENT_ID", ""),
                            "client_secret", environment.getOrDefault("DATABRICKS_CLIENT_SECRET", "")));
        }
        String profile = named.isEmpty() ? environment.getOrDefault("DATABRICKS_CONFIG_PROFILE", "DEFAULT") : named;
        String set = environment.getOrDefault("DATABRICKS_CONFIG_FILE", "");
        Path file = set.isBlank() ? home.resolve(".databrickscfg") : Path.of(set);
        return of("profile '%s' of %s".formatted(profile, file), section(file, profile));
    }

    private static DatabricksProfile of(String where, Map<String, String> values) {
        String host = values.getOrDefault("host", "").strip().replaceAll("/+$", "");
        if (host.isEmpty()) {
            throw badInput(
                    "There is no host in %s; expected such as https://adb-1.azuredatabricks.net".formatted(where));
        }
        URI address;
        try {
            address = URI.create(host.contains("://") ? host : "https://" + host);
        } catch (IllegalArgumentException e) {
            throw badInput("The host in %s is no address: %s".formatted(where, e.getMessage()));
        }
        String token = values.getOrDefault("token", "").strip();
        String client = values.getOrDefault("client_id", "").strip();
        String secret = values.getOrDefault("client_secret", "").strip();
        if (!token.isEmpty()) {
            return new DatabricksProfile(address, Credentials.bearer(token));
        }
        if (!client.isEmpty() && !secret.isEmpty()) {
            return new DatabricksProfile(address, new DatabricksOauth(address, Credentials.basic(client, secret)));
        }
        throw badInput("There is neither a token nor client_id with client_secret in %s; other ways to sign in are not"
                        .formatted(where)
                + " known here");
    }

    /** The values of one section of an INI file. */
    private static Map<String, String> section(Path file, String profile) {
        String text;
        try {
            text = Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new ArclightException(
                    ErrorCode.NOT_FOUND,
                    "Cannot read %s (%s): set DATABRICKS_HOST and DATABRICKS_TOKEN, or make it by: databricks configure"
                            .formatted(file, e.getClass().getSimpleName()),
                    e);
        }
        Map<String, String> values = new LinkedHashMap<>();
        boolean found = false;
        boolean inside = false;
        for (String raw : text.lines().toList()) {
            String line = raw.strip();
            if (line.startsWith("[") && line.endsWith("]")) {
                inside = line.substring(1, line.length() - 1).strip().equals(profile);
                found |= inside;
            } else if (inside && !line.startsWith("#") && !line.startsWith(";") && line.indexOf('=') > 0) {
                int equal = line.indexOf('=');
                values.put(
                        line.substring(0, equal).strip(),
                        line.substring(equal + 1).strip());
            }
        }
        if (!found) {
            throw badInput("There is no profile '%s' in %s".formatted(profile, file));
        }
        return values;
    }
}
