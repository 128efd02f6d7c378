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

    /**
     * Reads what {@link #toString} wrote.
     *
     * @throws dev.arclight.base.ArclightException BAD_INPUT
     */
    public static RayTarget parse(String text) {
        return RayAddress.parse(text, "The address of the cluster");
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
