package dev.arclight.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real Ray cluster on this machine for a test: own ports, own short folder, a token. Ends with the test's JVM, also
 * if that is killed, and {@link #close()} fails if a process is left behind.
 */
public final class RayCluster implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(4);
    private static final Duration STOP = Duration.ofMinutes(1);
    /** $1 is the owner; the rest is run until the owner or it is gone. */
    private static final String WATCH = "owner=$1; shift; \"$@\" & child=$!; "
            + "trap 'kill $child 2>/dev/null; wait $child; exit 0' TERM INT; "
            + "while kill -0 $owner 2>/dev/null && kill -0 $child 2>/dev/null; do sleep 0.3; done; "
            + "kill $child 2>/dev/null; wait $child";

    private static final class Token {
        static final Path FILE = make();

        private Token() {}

        private static Path make() {
            byte[] token = new byte[32];
            new SecureRandom().nextBytes(token);
            try {
                Path file = Files.createTempFile("arclight-test-ray", ".token");
                file.toFile().deleteOnExit();
                return Files.writeString(file, HexFormat.of().formatHex(token));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private final PythonEnvironment python;
    private final Path folder;
    private final int port;
    private final Map<String, String> environment;
    private final Map<String, String> ofNodes;
    private final List<Process> nodes = new ArrayList<>();

    private RayCluster(
            PythonEnvironment python,
            Path folder,
            int port,
            Map<String, String> environment,
            Map<String, String> ofNodes) {
        this.python = python;
        this.folder = folder;
        this.port = port;
        this.environment = environment;
        this.ofNodes = Map.copyOf(ofNodes);
    }

    /**
     * Starts a cluster.
     *
     * @param pins the Python environment, {@code ray-newest} or {@code ray-year-old}
     * @param cpus of each node; the first is the head
     */
    public static RayCluster start(String pins, int... cpus) {
        return start(pins, List.of(), Map.of(), cpus);
    }

    /**
     * The same with more options for the head.
     *
     * @param head options of {@code ray start}, such as {@code --system-config}
     */
    public static RayCluster start(String pins, List<String> head, int... cpus) {
        return start(pins, head, Map.of(), cpus);
    }

    /**
     * The same with variables for the nodes.
     *
     * @param ofNodes variables that nodes and what runs on them see, beside this process's; not the drivers
     */
    public static RayCluster start(String pins, Map<String, String> ofNodes, int... cpus) {
        return start(pins, List.of(), ofNodes, cpus);
    }

    private static RayCluster start(String pins, List<String> head, Map<String, String> ofNodes, int... cpus) {
        Needs.program("java");
        PythonEnvironment python = PythonEnvironment.open(pins);
        try {
            Path folder = Files.createTempDirectory(Path.of("/tmp"), "alt-");
            Path file = Token.FILE;
            int port = freePort();
            Map<String, String> environment = new HashMap<>(Map.of(
                    "RAY_AUTH_MODE",
                    "token",
                    "RAY_AUTH_TOKEN_PATH",
                    file.toString(),
                    "RAY_ADDRESS",
                    "127.0.0.1:" + port,
                    "ARCLIGHT_RAY_JAR",
                    jar(python).toString(),
                    "RAY_USAGE_STATS_ENABLED",
                    "0"));
            RayCluster cluster = new RayCluster(python, folder, port, environment, ofNodes);
            try {
                for (int i = 0; i < cpus.length; i++) {
                    cluster.addNode(cpus[i], i == 0 ? head.toArray(String[]::new) : new String[0]);
                }
            } catch (RuntimeException | Error e) {
                cluster.close();
                throw e;
            }
            return cluster;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds a node; the first is the head. */
    public void addNode(int cpus, String... further) {
        boolean head = nodes.isEmpty();
        List<String> command = new ArrayList<>(List.of(
                "/bin/sh",
                "-c",
                WATCH,
                "test-ray",
                String.valueOf(ProcessHandle.current().pid()),
                python.program("ray").toString(),
                "start",
                "--block",
                "--num-cpus=" + cpus,
                "--object-store-memory=100000000",
                "--disable-usage-stats"));
        try {
            command.addAll(
                    head
                            ? List.of(
                                    "--head",
                                    "--port=" + port,
                                    "--temp-dir=" + folder,
                                    "--include-dashboard=false",
                                    "--dashboard-port=" + freePort())
                            : List.of("--address=127.0.0.1:" + port));
            command.addAll(List.of(further));
            Path log = folder.resolve("node-%d.log".formatted(nodes.size()));
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
            builder.environment().putAll(environment);
            builder.environment().putAll(ofNodes);
            builder.environment().remove("RAY_ADDRESS");
            Process process = builder.start();
            nodes.add(process);
            awaitText(process, log, "Ray runtime started");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends a node as if its machine had gone: nothing is told to anybody. */
    public void killNode(int index) {
        Process process = nodes.get(index);
        List<ProcessHandle> all = process.descendants().toList();
        process.destroyForcibly();
        all.forEach(ProcessHandle::destroyForcibly);
    }

    /** Starts a head at the same address after all nodes were killed. */
    public void restart(int cpus) {
        nodes.clear();
        addNode(cpus);
    }

    /** HOST:PORT of the GCS. */
    public String address() {
        return "127.0.0.1:" + port;
    }

    /** What a process needs in order to find and join the cluster: address, token, jar. */
    public Map<String, String> environment() {
        return Map.copyOf(environment);
    }

    /** The file with the token: the same for all clusters of a JVM, because Ray reads one token a process. */
    public Path tokenFile() {
        return Token.FILE;
    }

    /** Ray's jar of the wheel that the cluster runs. */
    public Path jar() {
        return Path.of(environment.get("ARCLIGHT_RAY_JAR"));
    }

    /** The Python environment that the cluster runs in. */
    public PythonEnvironment python() {
        return python;
    }

    /** The JVMs that Ray runs for its users here. */
    public List<ProcessHandle> workers() {
        return ours().filter(process -> process.info().command().orElse("").endsWith("java"))
                .toList();
    }

    /** The folder that Ray's processes of this cluster log to. */
    public Path logs() {
        return folder.resolve("session_latest").resolve("logs");
    }

    @Override
    public void close() {
        for (int i = nodes.size() - 1; i >= 0; i--) {
            nodes.get(i).destroy();
        }
        List<String> left = List.of();
        try {
            for (Process node : nodes) {
                node.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS);
            }
            long deadline = System.nanoTime() + STOP.toNanos();
            do {
                left = ours().map(process -> process.pid() + " "
                                + process.info().commandLine().orElse("?"))
                        .map(line -> line.substring(0, Math.min(300, line.length())))
                        .toList();
                if (!left.isEmpty()) {
                    TimeUnit.MILLISECONDS.sleep(100);
                }
            } while (!left.isEmpty() && System.nanoTime() < deadline);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!left.isEmpty()) {
            ours().forEach(ProcessHandle::destroyForcibly);
        }
        deleteFolder();
        if (!left.isEmpty()) {
            throw new AssertionError("Processes left behind by the Ray cluster of this test: " + left);
        }
    }

    /** Every process that has our folder on its command line. */
    private Stream<ProcessHandle> ours() {
        long self = ProcessHandle.current().pid();
        return ProcessHandle.allProcesses()
                .filter(process -> process.pid() != self)
                .filter(process -> commandLine(process).contains(folder.toString()));
    }

    private static String commandLine(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc", String.valueOf(process.pid()), "cmdline"))
                    .replace('\0', ' ');
        } catch (IOException e) {
            return process.info().commandLine().orElse("");
        }
    }

    private void deleteFolder() {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(java.util.Comparator.reverseOrder())
                    .forEach(path -> path.toFile().delete());
        } catch (IOException | UncheckedIOException e) {
            System.err.println("Not removed: " + folder + ": " + e.getMessage());
        }
    }

    private static void awaitText(Process process, Path log, String text) throws IOException {
        long deadline = System.nanoTime() + START.toNanos();
        String said = "";
        while (System.nanoTime() < deadline && process.isAlive()) {
            said = Files.exists(log) ? Files.readString(log) : "";
            if (said.contains(text)) {
                return;
            }
            try {
                TimeUnit.MILLISECONDS.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("Interrupted while Ray started", e);
            }
        }
        throw new AssertionError("Ray did not start:\n" + said);
    }

    private static Path jar(PythonEnvironment python) throws IOException {
        try (Stream<Path> files = Files.find(
                python.python().resolve("../../lib").normalize(),
                6,
                (path, attributes) -> path.endsWith("ray/jars/ray_dist.jar"))) {
            return files.findFirst().orElseThrow(() -> new AssertionError("No ray_dist.jar in " + python.python()));
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("0.0.0.0"))) {
            return socket.getLocalPort();
        }
    }
}
