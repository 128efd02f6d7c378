package dev.arclight.ray.link;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the cluster and looks whether anybody listens there, because Ray itself takes 40 seconds to say no. */
public final class RayAddress {
    private static final Duration CONNECT = Duration.ofSeconds(8);
    private static final Pattern ADDRESS = Pattern.compile("(\\[[0-9a-fA-F:]+]|[^:/\\s]+):(\\d{1,5})");

    private RayAddress() {}

    /**
     * The cluster of {@code RAY_ADDRESS}, else the one that was last started on this machine (which Ray notes in the
     * file {@code ray_current_cluster} of its temporary folder).
     *
     * @throws ArclightException NOT_FOUND if there is neither
     */
    public static RayTarget find(Map<String, String> environment) {
        String named = environment.getOrDefault("RAY_ADDRESS", "");
        if (!named.isEmpty() && !named.equals("auto")) {
            return parse(named, "RAY_ADDRESS");
        }
        Path temporary = Path.of(environment.getOrDefault("RAY_TMPDIR", "/tmp")).resolve("ray");
        Path note = temporary.resolve("ray_current_cluster");
        if (Files.isReadable(note)) {
            try {
                return parse(Files.readString(note).strip(), note.toString());
            } catch (IOException e) {
                throw new ArclightException(ErrorCode.UNAVAILABLE, "Cannot read " + note + ": " + e.getMessage(), e);
            }
        }
        throw ArclightException.notFound(
                "Master 'ray': RAY_ADDRESS is not set and no Ray runs on this machine (no %s): start one with `arclight ray start`, use ray:local, or name it as ray:HOST:PORT"
                        .formatted(note));
    }

    /**
     * Looks whether somebody listens.
     *
     * @return the address of this machine that the cluster can reach it by
     * @throws ArclightException UNAVAILABLE
     */
    public static InetAddress probe(RayTarget target) {
        try (Socket socket = new Socket()) {
            InetSocketAddress address = new InetSocketAddress(target.host(), target.port());
            if (address.isUnresolved()) {
                throw new UnknownHostException("unknown host");
            }
            socket.connect(address, (int) CONNECT.toMillis());
            InetAddress local = socket.getLocalAddress();
            return local.isLoopbackAddress() ? outward() : local;
        } catch (IOException e) {
            throw new ArclightException(
                    ErrorCode.UNAVAILABLE,
                    "Nobody answers at %s, where Ray's GCS should be (%s): is the cluster up, and is this the port of `ray start --port`?"
                            .formatted(target, e.getMessage()),
                    e);
        }
    }

    /**
     * What other machines call this one, or the loopback address if it has no network. Nothing is sent: the kernel only
     * chooses the interface. Ray finds its nodes' addresses in the same way.
     */
    public static InetAddress outward() {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress("192.0.2.1", 9)); // RFC 5737: documentation, routed nowhere
            InetAddress chosen = socket.getLocalAddress();
            return chosen.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : chosen;
        } catch (IOException | UncheckedIOException e) {
            return InetAddress.getLoopbackAddress();
        }
    }

    static RayTarget parse(String text, String where) {
        Matcher matcher = ADDRESS.matcher(text);
        if (!matcher.matches() || Integer.parseInt(matcher.group(2)) > 65535) {
            throw ArclightException.badInput("%s is '%s': expected HOST:PORT of the cluster's GCS%s"
                    .formatted(
                            where,
                            text,
                            text.startsWith("ray://") ? " (ray:// is Ray Client's, which cannot run executors)" : ""));
        }
        return new RayTarget(matcher.group(1), Integer.parseInt(matcher.group(2)));
    }
}
