package dev.arclight.ray.install;

import dev.arclight.base.ArclightException;
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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One {@code ray start --head --block}: a cluster that lives as long as this process. Its folder is short, because
 * Ray's socket paths end at 107 characters; its token, unless the environment has one, is a file in that folder.
 */
final class RayProcess {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration STOP = Duration.ofSeconds(20);
    private static final String STARTED = "Ray runtime started";
    /** Ray appends about 65 characters to its folder for its sockets. */
    private static final int LONGEST_FOLDER = 40;

    /** 36 to the 5th: the least number of six digits in that base. */
    private static final int NAMES = 60_466_176;

    private static final int TOKEN_BYTES = 32;

    private final RayTarget target;
    private final Map<String, String> environment;
    private final Path folder;
    private final Process process;

    private RayProcess(RayTarget target, Map<String, String> environment, Path folder, Process process) {
        this.target = target;
        this.environment = environment;
        this.folder = folder;
        this.process = process;
    }

    /**
     * Begins to start a cluster; {@link #awaitReady()} waits for it.
     *
     * @param before what stands before {@code ray start}: a shell that looks after it
     * @param port 0 for a free one
     * @param further options for {@code ray start}
     */
    static RayProcess start(
            RayInstallation ray, Map<String, String> environment, List<String> before, int port, List<String> further) {
        Path program = ray.program();
        if (!Files.isExecutable(program)) {
            throw ArclightException.notFound(
                    "No program %s beside Ray %s: install Ray's wheel with pip, or run `arclight install ray`"
                            .formatted(program, ray.version()));
        }
        try {
            Path folder = shortFolder();
            int chosen = port == 0 ? freePort() : port;
            Map<String, String> known = withToken(environment, folder);
            List<String> command = new ArrayList<>(before);
            command.addAll(List.of(
                    program.toString(),
                    "start",
                    "--head",
                    "--block",
                    "--port=" + chosen,
                    "--temp-dir=" + folder,
                    "--disable-usage-stats"));
            command.addAll(further);
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(logIn(folder).toFile())
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
            builder.environment().clear();
            builder.environment().putAll(known);
            return new RayProcess(new RayTarget("127.0.0.1", chosen), Map.copyOf(known), folder, builder.start());
        } catch (IOException e) {
            throw new ArclightException(ErrorCode.UNAVAILABLE, "Cannot start Ray: " + e.getMessage(), e);
        }
    }

    RayTarget target() {
        return target;
    }

    /** What a process needs in order to join: the environment given, and the token. */
    Map<String, String> environment() {
        return environment;
    }

    Path folder() {
        return folder;
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    /**
     * Waits until it can be joined.
     *
     * @throws ArclightException UNAVAILABLE with what Ray said, TIMEOUT
     */
    void awaitReady() throws InterruptedException {
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

    /** Ends a process and what it started: asked first, and made to if it does not within 20 s. */
    static void stop(ProcessHandle process) {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(process);
        process.destroy();
        long deadline = System.nanoTime() + STOP.toNanos();
        for (ProcessHandle one : all) {
            try {
                one.onExit().get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                one.destroyForcibly();
            } catch (ExecutionException | TimeoutException e) {
                one.destroyForcibly();
            }
        }
    }

    private static Path logIn(Path folder) {
        return folder.resolve("ray-start.log");
    }

    private String said() {
        Path log = logIn(folder);
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
            byte[] token = new byte[TOKEN_BYTES];
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
        int name = "/al-zzzzzz".length();
        Path parent = temporary.toString().length() + name <= LONGEST_FOLDER ? temporary : Path.of("/tmp");
        SecureRandom random = new SecureRandom();
        // Six digits are two thousand million names: one that is taken is an error to tell, not one to work around.
        String suffix = Integer.toString(random.nextInt(NAMES, Integer.MAX_VALUE), 36);
        return Files.createDirectory(
                parent.resolve("al-" + suffix),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("0.0.0.0"))) {
            return socket.getLocalPort();
        }
    }
}
