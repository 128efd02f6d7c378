package dev.arclight.ray.install;

import dev.arclight.base.ArclightException;
import dev.arclight.base.AtomicFiles;
import dev.arclight.base.ErrorCode;
import dev.arclight.ray.link.RayInstallation;
import dev.arclight.ray.link.RayTarget;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * The cluster of {@code arclight ray start}: runs until {@code arclight ray stop}, and is what master {@code ray} means
 * where {@code RAY_ADDRESS} is not set.
 *
 * @param target its GCS
 * @param pid of {@code ray start --block}
 * @param startedMillis when that process started: another one may have got its id
 * @param folder Ray's temporary folder
 * @param tokenFile empty where the token came from the environment
 * @param home Ray's Python package
 */
public record StandingCluster(
        RayTarget target, long pid, long startedMillis, Path folder, Optional<Path> tokenFile, Path home) {
    /** Survives the terminal and this process. */
    private static final List<String> DETACHED = List.of("/bin/sh", "-c", "trap '' HUP; exec \"$@\"", "arclight-ray");

    /** The cluster that runs, if any. */
    public static Optional<StandingCluster> find(Map<String, String> environment) {
        Path file = file(environment);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Properties fields = new Properties();
        try {
            fields.load(new StringReader(Files.readString(file)));
            StandingCluster cluster = new StandingCluster(
                    new RayTarget("127.0.0.1", Integer.parseInt(fields.getProperty("port", ""))),
                    Long.parseLong(fields.getProperty("pid", "")),
                    Long.parseLong(fields.getProperty("started", "")),
                    Path.of(fields.getProperty("folder", "")),
                    Optional.ofNullable(fields.getProperty("token-file")).map(Path::of),
                    Path.of(fields.getProperty("home", "")));
            return cluster.handle().isPresent() ? Optional.of(cluster) : Optional.empty();
        } catch (IOException | NumberFormatException e) {
            throw new ArclightException(
                    ErrorCode.BAD_INPUT, "Cannot read %s (%s): remove it".formatted(file, e.getMessage()), e);
        }
    }

    /**
     * Starts a cluster and waits for it.
     *
     * @param port of the GCS
     * @param cpus that Ray is told this machine has; empty for all
     * @throws ArclightException ALREADY_EXISTS if one runs
     */
    static StandingCluster start(RayInstallation ray, Map<String, String> environment, int port, Optional<Integer> cpus)
            throws InterruptedException {
        Optional<StandingCluster> running = find(environment);
        if (running.isPresent()) {
            throw new ArclightException(
                    ErrorCode.ALREADY_EXISTS,
                    "A Ray cluster runs already at %s (process %d): use it, or stop it with `arclight ray stop`"
                            .formatted(running.get().target(), running.get().pid()));
        }
        List<String> further = new ArrayList<>(List.of("--include-dashboard=false"));
        cpus.ifPresent(count -> further.add("--num-cpus=" + count));
        RayProcess process = RayProcess.start(ray, environment, DETACHED, port, further);
        try {
            process.awaitReady();
            String token = environment.containsKey("RAY_AUTH_TOKEN")
                    ? null
                    : process.environment().get("RAY_AUTH_TOKEN_PATH");
            StandingCluster cluster = new StandingCluster(
                    process.target(),
                    process.handle().pid(),
                    startOf(process.handle()),
                    process.folder(),
                    Optional.ofNullable(token).map(Path::of),
                    ray.home());
            cluster.save(file(environment));
            return cluster;
        } catch (IOException e) {
            RayProcess.stop(process.handle());
            throw new ArclightException(
                    ErrorCode.UNAVAILABLE, "Cannot note the cluster in %s: %s".formatted(file(environment), e), e);
        } catch (RuntimeException | InterruptedException e) {
            RayProcess.stop(process.handle());
            throw e;
        }
    }

    /** Stops it, and nothing else on this machine. */
    void stop(Map<String, String> environment) {
        handle().ifPresent(RayProcess::stop);
        try {
            AtomicFiles.deleteTree(folder);
            Files.deleteIfExists(file(environment));
        } catch (IOException e) {
            throw new ArclightException(
                    ErrorCode.UNAVAILABLE, "Stopped, but cannot remove %s: %s".formatted(folder, e.getMessage()), e);
        }
    }

    /** What a process needs in order to join: {@code environment} with token and jar. */
    public Map<String, String> over(Map<String, String> environment) {
        Map<String, String> result = new HashMap<>(environment);
        tokenFile.ifPresent(file -> result.putIfAbsent("RAY_AUTH_TOKEN_PATH", file.toString()));
        result.putIfAbsent("RAY_AUTH_MODE", "token");
        result.putIfAbsent("ARCLIGHT_RAY_JAR", home.toString());
        return result;
    }

    private void save(Path file) throws IOException {
        Properties fields = new Properties();
        fields.setProperty("port", String.valueOf(target.port()));
        fields.setProperty("pid", String.valueOf(pid));
        fields.setProperty("started", String.valueOf(startedMillis));
        fields.setProperty("folder", folder.toString());
        fields.setProperty("home", home.toString());
        tokenFile.ifPresent(path -> fields.setProperty("token-file", path.toString()));
        StringWriter out = new StringWriter();
        fields.store(out, "arclight ray start");
        AtomicFiles.write(file, out.toString());
    }

    private Optional<ProcessHandle> handle() {
        return ProcessHandle.of(pid).filter(process -> startOf(process) == startedMillis);
    }

    private static long startOf(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }

    private static Path file(Map<String, String> environment) {
        String state = environment.getOrDefault("XDG_STATE_HOME", "");
        Path base = state.isEmpty() ? Path.of(System.getProperty("user.home"), ".local", "state") : Path.of(state);
        return base.resolve("arclight").resolve("ray-cluster.properties");
    }
}
