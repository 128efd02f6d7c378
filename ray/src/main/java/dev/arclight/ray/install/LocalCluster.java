package dev.arclight.ray.install;

import dev.arclight.base.ArclightException;
import dev.arclight.base.AtomicFiles;
import dev.arclight.base.ErrorCode;
import dev.arclight.ray.link.RayInstallation;
import dev.arclight.ray.link.RayTarget;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A Ray cluster of one node on this machine that ends with this process, also if this process is killed. It has a token
 * of its own and a temporary folder of its own, so that several can run beside each other. Safe for use by many
 * threads.
 */
public final class LocalCluster implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration STOP = Duration.ofSeconds(20);
    private static final String STARTED = "Ray runtime started";
    /** Ray appends about 65 characters to its folder for its sockets, whose paths end at 107. */
    private static final int LONGEST_FOLDER = 40;
    /**
     * Keeps the cluster as long as its owner lives. The owner is watched because nobody tells a child that its parent
     * was killed.
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

    private final RayTarget target;
    private final Map<String, String> environment;
    private final Path folder;
    private final Path log;
    private final Process process;

    private LocalCluster(RayTarget target, Map<String, String> environment, Path folder, Path log, Process process) {
        this.target = target;
        this.environment = environment;
        this.folder = folder;
        this.log = log;
        this.process = process;
    }

    /**
     * Begins to start a cluster; {@link #awaitReady()} waits for it.
     *
     * @param further options for {@code ray start}, such as {@code --num-cpus=2}
     */
    public static LocalCluster start(RayInstallation ray, Map<String, String> environment, String... further) {
        Path program = ray.program();
        if (!Files.isExecutable(program)) {
            throw ArclightException.notFound(
                    "No program %s beside Ray %s: install Ray's wheel with pip, or `arclight install ray`"
                            .formatted(program, ray.version()));
        }
        try {
            Path folder = shortFolder();
            int port = freePort();
            Map<String, String> known = withToken(environment, folder);
            List<String> command = new ArrayList<>(List.of(
                    "/bin/sh",
                    "-c",
                    WATCH,
                    "arclight-ray-local",
                    String.valueOf(ProcessHandle.current().pid()),
                    program.toString(),
                    "start",
                    "--head",
                    "--block",
                    "--port=" + port,
                    "--temp-dir=" + folder,
                    "--include-dashboard=false",
                    "--disable-usage-stats"));
            command.addAll(List.of(further));
            Path log = folder.resolve("ray-start.log");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
            builder.environment().clear();
            builder.environment().putAll(known);
            return new LocalCluster(new RayTarget("127.0.0.1", port), Map.copyOf(known), folder, log, builder.start());
        } catch (IOException e) {
            throw new ArclightException(ErrorCode.UNAVAILABLE, "Cannot start Ray: " + e.getMessage(), e);
        }
    }

    /** The address of its GCS. */
    public RayTarget target() {
        return target;
    }

    /** What a process needs in order to join: the environment given, and the token. */
    public Map<String, String> environment() {
        return environment;
    }

    /**
     * Waits until it can be joined.
     *
     * @throws ArclightException UNAVAILABLE with what Ray said, TIMEOUT
     */
    public void awaitReady() throws InterruptedException {
        long deadline = System.nanoTime() + START.toNanos();
        while (System.nanoTime() < deadline) {
            String said = said();
            if (said.contains(STARTED)) {
                return;
            }
            if (!process.isAlive()) {
                throw new ArclightException(
                        ErrorCode.UNAVAILABLE,
                        "`ray start` ended with exit code %d: %s".formatted(process.exitValue(), tail(said)));
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        throw new ArclightException(
                ErrorCode.TIMEOUT,
                "`ray start` was not ready within %d s: %s".formatted(START.toSeconds(), tail(said())));
    }

    /** Stops the cluster and removes its folder. Idempotent. */
    @Override
    public void close() {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        process.destroy();
        try {
            if (!process.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
                process.descendants().forEach(all::add);
                process.destroyForcibly();
            }
            for (ProcessHandle one : all) {
                one.onExit().get(1, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
            all.forEach(ProcessHandle::destroyForcibly);
        }
        try {
            AtomicFiles.deleteTree(folder);
        } catch (IOException e) {
            throw new ArclightException(
                    ErrorCode.UNAVAILABLE, "Cannot remove Ray's folder %s: %s".formatted(folder, e.getMessage()), e);
        }
    }

    private String said() {
        try {
            return Files.exists(log) ? Files.readString(log) : "";
        } catch (IOException e) {
            throw new ArclightException(ErrorCode.UNAVAILABLE, "Cannot read " + log + ": " + e.getMessage(), e);
        }
    }

    private static String tail(String text) {
        List<String> lines = text.lines().filter(line -> !line.isBlank()).toList();
        return String.join(" / ", lines.subList(Math.max(0, lines.size() - 3), lines.size()));
    }

    private static Map<String, String> withToken(Map<String, String> environment, Path folder) throws IOException {
        Map<String, String> known = new HashMap<>(environment);
        known.putIfAbsent("RAY_AUTH_MODE", "token");
        known.remove("RAY_ADDRESS");
        if (known.getOrDefault("RAY_AUTH_TOKEN", "").isEmpty()
                && known.getOrDefault("RAY_AUTH_TOKEN_PATH", "").isEmpty()) {
            byte[] token = new byte[32];
            new SecureRandom().nextBytes(token);
            Path file = Files.createFile(
                    folder.resolve("token"),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, HexFormat.of().formatHex(token));
            known.put("RAY_AUTH_TOKEN_PATH", file.toString());
        }
        return known;
    }

    private static Path shortFolder() throws IOException {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
        Path parent = temporary.toString().length() + 14 <= LONGEST_FOLDER ? temporary : Path.of("/tmp");
        return Files.createTempDirectory(parent, "al-").toRealPath();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("0.0.0.0"))) {
            return socket.getLocalPort();
        }
    }
}
