package dev.arclight.track.sql;

import dev.arclight.testing.Needs;
import dev.arclight.testing.Processes;
import dev.arclight.track.Tracking;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real PostgreSQL server with an empty database, in a folder of its own. */
public final class PostgresServer implements AutoCloseable {
    private static final String PASSWORD = "s3cret of the test";
    private static final Duration INIT = Duration.ofMinutes(2);
    private static final long START_SECONDS = 60;

    private final Path programs;
    private final Path folder;
    private final int port;
    private Process process;

    private PostgresServer(Path programs, Path folder, int port) throws IOException {
        this.programs = programs;
        this.folder = folder;
        this.port = port;
        this.process = launch();
    }

    /** Skips the test where there is no PostgreSQL. */
    public static PostgresServer start() throws IOException, InterruptedException {
        Path programs = programs();
        // Not in JUnit's folder, which only we may enter: the server refuses to run as root and is another user.
        Path folder = Files.createTempDirectory("arclight-pg");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path secret = Files.writeString(folder.resolve("password"), PASSWORD);
        List<String> command = as(List.of(
                programs.resolve("initdb").toString(),
                "--no-sync",
                "-D",
                folder.resolve("data").toString(),
                "-U",
                "ann",
                "-A",
                "scram-sha-256",
                "--pwfile",
                secret.toString(),
                "-E",
                "UTF8"));
        Processes.run(INIT, Map.of("LC_ALL", "C.UTF-8"), command);
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        PostgresServer server = new PostgresServer(programs, folder, port);
        try {
            server.await();
        } catch (InterruptedException | RuntimeException | Error e) {
            server.close();
            throw e;
        }
        return server;
    }

    String url() {
        return "jdbc:postgresql://127.0.0.1:%d/postgres".formatted(port);
    }

    /** The database as SQLAlchemy takes it, password and all. */
    public String pythonUri() {
        return "postgresql+psycopg2://ann:%s@127.0.0.1:%d/postgres".formatted(PASSWORD.replace(" ", "%20"), port);
    }

    /** The same without the password. */
    public String address() {
        return "postgresql://ann@127.0.0.1:%d/postgres".formatted(port);
    }

    /** A file as {@code ~/.pgpass} with the password. */
    public Path passFile() throws IOException {
        Path file = Files.writeString(folder.resolve("pgpass"), "*:*:*:ann:" + PASSWORD + "\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    /** What a user sets. */
    Map<String, String> environment() {
        return Map.of(
                "PGUSER", "ann",
                "ARCLIGHT_TRACKING_PASSWORD_FILE", folder.resolve("password").toString(),
                "ARCLIGHT_TRACKING_ARTIFACTS", folder.resolve("artifacts").toString());
    }

    Tracking open() {
        return PostgresTracking.open(url(), environment());
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(url(), "ann", PASSWORD);
    }

    /** Kill -9 of the whole server, and a new start. */
    void crash() throws IOException, InterruptedException {
        ProcessHandle postmaster = postmaster();
        List<ProcessHandle> all = new ArrayList<>(postmaster.descendants().toList());
        all.add(postmaster);
        all.forEach(ProcessHandle::destroyForcibly);
        for (ProcessHandle handle : all) {
            handle.onExit().orTimeout(20, TimeUnit.SECONDS).join();
        }
        process.waitFor(20, TimeUnit.SECONDS);
        process = launch();
        await();
    }

    @Override
    public void close() throws IOException {
        if (process.isAlive()) {
            List<ProcessHandle> all =
                    new ArrayList<>(process.toHandle().descendants().toList());
            try {
                postmaster().destroy();
                if (!process.waitFor(15, TimeUnit.SECONDS)) {
                    all.forEach(ProcessHandle::destroyForcibly);
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                all.forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        }
        dev.arclight.base.AtomicFiles.deleteTree(folder);
    }

    private ProcessHandle postmaster() throws IOException {
        long pid = Long.parseLong(
                Files.readAllLines(folder.resolve("data/postmaster.pid")).get(0).strip());
        return ProcessHandle.of(pid).orElseThrow();
    }

    private Process launch() throws IOException {
        return new ProcessBuilder(as(List.of(
                        programs.resolve("postgres").toString(),
                        "-D",
                        folder.resolve("data").toString(),
                        "-p",
                        Integer.toString(port),
                        "-c",
                        "listen_addresses=127.0.0.1",
                        "-c",
                        "unix_socket_directories=",
                        "-c",
                        "max_connections=40")))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("server.log").toFile()))
                .start();
    }

    private void await() throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (process.isAlive() && System.nanoTime() < deadline) {
            try (Connection connection = connect()) {
                if (connection.isValid(5)) {
                    return;
                }
            } catch (SQLException e) {
                process.waitFor(100, TimeUnit.MILLISECONDS); // not listening yet
            }
        }
        throw new AssertionError("PostgreSQL did not start within %d s; see %s".formatted(START_SECONDS, folder));
    }

    /** PostgreSQL refuses to run as root. */
    private static List<String> as(List<String> command) {
        if (!System.getProperty("user.name").equals("root")) {
            return command;
        }
        List<String> all = new ArrayList<>(List.of(Needs.program("runuser").toString(), "-u", "nobody", "--"));
        all.addAll(command);
        return all;
    }

    private static Path programs() throws IOException {
        List<Path> found = new ArrayList<>();
        Path debian = Path.of("/usr/lib/postgresql");
        if (Files.isDirectory(debian)) {
            try (Stream<Path> versions = Files.list(debian)) {
                versions.map(version -> version.resolve("bin"))
                        .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
                        .sorted()
                        .forEach(found::add);
            }
        }
        if (!found.isEmpty()) {
            return found.get(found.size() - 1);
        }
        Path initdb = Needs.program("initdb");
        Path parent = initdb.getParent();
        return parent == null ? initdb : parent;
    }
}
