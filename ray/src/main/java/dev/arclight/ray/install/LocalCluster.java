package dev.arclight.ray.install;

import dev.arclight.base.ArclightException;
import dev.arclight.base.AtomicFiles;
import dev.arclight.base.ErrorCode;
import dev.arclight.ray.link.RayInstallation;
import dev.arclight.ray.link.RayTarget;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * A Ray cluster of one node on this machine that ends with this process, also if this process is killed. It has a token
 * and a temporary folder of its own, so that several can run beside each other. Safe for use by many threads.
 */
public final class LocalCluster implements AutoCloseable {
    /**
     * Keeps the cluster as long as its owner lives; watched because nobody tells a child that its parent was killed.
     */
    private static final String WATCH = """
            owner=$1; shift
            "$@" &
            child=$!
            trap 'kill "$child" 2>/dev/null; wait "$child"; exit 0' TERM INT HUP
            while kill -0 "$owner" 2>/dev/null && kill -0 "$child" 2>/dev/null; do sleep 0.5; done
            kill "$child" 2>/dev/null
            wait "$child"
            """;

    private final RayProcess process;

    private LocalCluster(RayProcess process) {
        this.process = process;
    }

    /** Begins to start a cluster; {@link #awaitReady()} waits for it. */
    public static LocalCluster start(RayInstallation ray, Map<String, String> environment) {
        String owner = String.valueOf(ProcessHandle.current().pid());
        return new LocalCluster(RayProcess.start(
                ray,
                environment,
                List.of("/bin/sh", "-c", WATCH, "arclight-ray-local", owner),
                0,
                List.of("--include-dashboard=false")));
    }

    /** The address of its GCS. */
    public RayTarget target() {
        return process.target();
    }

    /** What a process needs in order to join: the environment given, and the token. */
    public Map<String, String> environment() {
        return process.environment();
    }

    /**
     * Waits until it can be joined.
     *
     * @throws ArclightException UNAVAILABLE with what Ray said, TIMEOUT
     */
    public void awaitReady() throws InterruptedException {
        process.awaitReady();
    }

    /** Stops the cluster and removes its folder. Idempotent. */
    @Override
    public void close() {
        RayProcess.stop(process.handle());
        try {
            AtomicFiles.deleteTree(process.folder());
        } catch (IOException e) {
            throw new ArclightException(
                    ErrorCode.UNAVAILABLE,
                    "Cannot remove Ray's folder %s: %s".formatted(process.folder(), e.getMessage()),
                    e);
        }
    }
}
