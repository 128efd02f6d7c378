package dev.arclight.azure.submit;

import dev.arclight.testing.Await;
import dev.arclight.testing.PythonEnvironment;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * The start script run as the ranks of one job on this machine, with real Ray. The driver is a shell script: what is
 * looked at is what becomes of the ranks, not of an application.
 */
final class AmlStart implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Path folder;
    private final int size;
    private final int port = freePort();
    private final int control = freePort();
    private final Map<String, String> further;
    private final Map<Integer, Process> ranks = new HashMap<>();
    private final List<ProcessHandle> all = new ArrayList<>();

    /**
     * @param driver a shell script; it writes {@code started} to make itself known
     * @param further variables of all ranks
     */
    AmlStart(Path folder, int size, String driver, Map<String, String> further) throws IOException {
        this.folder = folder;
        this.size = size;
        this.further = Map.copyOf(further);
        Files.createDirectories(folder.resolve("home/bin"));
        Files.createDirectories(folder.resolve("job"));
        Path program = Files.writeString(folder.resolve("home/bin/arclight"), "#!/bin/sh\n" + driver);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(
                folder.resolve("job/ray-token"),
                HexFormat.of().formatHex(new java.security.SecureRandom().generateSeed(32)));
        try (var in = AmlSubmitter.class.getResourceAsStream(AmlJob.START)) {
            Files.write(folder.resolve("start.py"), Objects.requireNonNull(in).readAllBytes());
        }
    }

    /** Starts one rank. */
    AmlStart rank(int rank) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        PythonEnvironment.open("ray-newest").python().toString(),
                        folder.resolve("start.py").toString(),
                        folder.resolve("job").toString())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log(rank).toFile());
        builder.environment()
                .putAll(Map.of(
                        "OMPI_COMM_WORLD_RANK", String.valueOf(rank),
                        "OMPI_COMM_WORLD_SIZE", String.valueOf(size),
                        "AZ_BATCHAI_MPI_MASTER_NODE", "127.0.0.1",
                        "ARCLIGHT_AML_PORT", String.valueOf(port),
                        "ARCLIGHT_AML_CONTROL_PORT", String.valueOf(control),
                        "ARCLIGHT_AML_HEAD_TIMEOUT", "120",
                        "ARCLIGHT_AML_CPUS", "1",
                        "ARCLIGHT_HOME", folder.resolve("home").toString()));
        builder.environment().putAll(further);
        ranks.put(rank, builder.start());
        return this;
    }

    int controlPort() {
        return control;
    }

    private Path log(int rank) {
        return folder.resolve("rank-%d.log".formatted(rank));
    }

    /** What a rank has said. */
    String said(int rank) {
        try {
            return Files.exists(log(rank)) ? Files.readString(log(rank)) : "";
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Waits until a rank says {@code text}. */
    void await(int rank, String text) {
        Await.until(
                "rank %d says '%s'".formatted(rank, text),
                PATIENCE,
                () -> said(rank).contains(text));
    }

    /** Ends a rank as if its node had gone. */
    void kill(int rank) {
        Process process = process(rank);
        process.descendants().forEach(all::add);
        process.destroyForcibly();
    }

    /** The processes that a rank has started. */
    List<ProcessHandle> children(int rank) {
        return process(rank).descendants().toList();
    }

    Process process(int rank) {
        return Objects.requireNonNull(ranks.get(rank));
    }

    /** The exit code of a rank, once it has ended. */
    int end(int rank) throws InterruptedException {
        Process process = process(rank);
        process.descendants().forEach(all::add);
        if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("Rank %d goes on: %s".formatted(rank, said(rank)));
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        ranks.values().forEach(process -> {
            process.descendants().forEach(all::add);
            process.destroyForcibly();
        });
        try {
            Await.until(
                    "no process is left",
                    Duration.ofSeconds(60),
                    () -> all.stream().noneMatch(ProcessHandle::isAlive));
        } finally {
            all.forEach(ProcessHandle::destroyForcibly);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
