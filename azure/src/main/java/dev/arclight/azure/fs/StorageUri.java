package dev.arclight.azure.fs;

import java.net.URI;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An address of Azure Storage as data assets hold it.
 *
 * @param host of the endpoint that ABFS takes, {@code ACCOUNT.dfs.SUFFIX}
 * @param path in the container, without slashes at its ends
 */
record StorageUri(String host, String container, String path) {
    private static final Pattern HTTPS =
            Pattern.compile("https://([^/.]+)\\.(?:blob|dfs)\\.([^/]+)/([^/?]+)/?([^?]*)", Pattern.CASE_INSENSITIVE);
    private static final Pattern HADOOP = Pattern.compile(
            "(?:abfss|wasbs)://([^/@]+)@([^/.]+)\\.(?:blob|dfs)\\.([^/]+)/?(.*)", Pattern.CASE_INSENSITIVE);

    /** Of {@code https://ACCOUNT.blob.SUFFIX/CONTAINER/PATH}, {@code abfss://} or {@code wasbs://}; else empty. */
    static Optional<StorageUri> parse(String text) {
        Matcher https = HTTPS.matcher(text);
        if (https.matches()) {
            String path = Optional.ofNullable(
                            URI.create(text.replace(" ", "%20")).getPath())
                    .orElse("");
            String inContainer = path.substring(path.indexOf('/', 1) < 0 ? path.length() : path.indexOf('/', 1));
            return Optional.of(
                    new StorageUri(https.group(1) + ".dfs." + https.group(2), https.group(3), bare(inContainer)));
        }
        Matcher hadoop = HADOOP.matcher(text);
        return hadoop.matches()
                ? Optional.of(new StorageUri(
                        hadoop.group(2) + ".dfs." + hadoop.group(3), hadoop.group(1), bare(hadoop.group(4))))
                : Optional.empty();
    }

    private static String bare(String path) {
        return path.replaceAll("^/+|/+$", "");
    }
}
