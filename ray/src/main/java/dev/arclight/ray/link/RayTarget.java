package dev.arclight.ray.link;

/**
 * The GCS of a cluster.
 *
 * @param host name or IP address
 * @param port 1 to 65535
 */
public record RayTarget(String host, int port) {
    public RayTarget {
        if (host.isBlank() || port < 1 || port > 65535) {
            throw new IllegalArgumentException("No address: host '%s', port %d".formatted(host, port));
        }
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
