package dev.arclight.engine.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.arclight.base.ArclightException;
import dev.arclight.base.AtomicFiles;
import dev.arclight.base.ErrorCode;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A Spark standalone cluster on this machine that outlives the program that started it. It listens on the loopback
 * address only.
 *
 * @param master what sessions connect to, {@code spark://127.0.0.1:PORT}
 * @param web the master's page
 * @param processes the master first, then the workers
 * @param folder logs, work folders, and the home that workers start executors from
 */
public record StandaloneCluster(String master, URI web, List<Member> processes, Path folder) {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    public StandaloneCluster {
        processes = List.copyOf(processes);
    }

    /**
     * A process, told from a later one of the same id by its start.
     *
     * @param startedMillis since 1970
     */
    public record Member(long pid, long startedMillis) {
        static Member of(ProcessHandle process) {
            return new Member(process.pid(), startOf(process));
        }

        Optional<ProcessHandle> handle() {
            return ProcessHandle.of(pid).filter(process -> startOf(process) == startedMillis);
        }

        private static long startOf(ProcessHandle process) {
            return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
        }
    }

    /**
     * What the master says of itself.
     *
     * @param workers that are alive
     * @param cores of all of them
     * @param coresUsed by applications
     * @param megabytes of memory that all of them offer to executors
     * @param megabytesUsed by applications
     */
    public record Status(int workers, int cores, int coresUsed, int megabytes, int megabytesUsed) {}

    /** The cluster that runs, if any; {@code environment} as {@link System#getenv()}. */
    public static Optional<StandaloneCluster> find(Map<String, String> environment) {
        return noted(environment)
                .filter(cluster -> cluster.processes.get(0).handle().isPresent());
    }

    /** Like {@link #find}, but also one of which only workers are left: its master was killed, say. */
    static Optional<StandaloneCluster> findRest(Map<String, String> environment) {
        return noted(environment)
                .filter(cluster -> cluster.processes.stream()
                        .anyMatch(member -> member.handle().isPresent()));
    }

    private static Optional<StandaloneCluster> noted(Map<String, String> environment) {
        Path file = file(environment);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Properties fields = new Properties();
        try {
            fields.load(new StringReader(Files.readString(file)));
            List<Member> members = new ArrayList<>();
            for (String member : fields.getProperty("processes", "").split(",", -1)) {
                String[] both = member.split("@", -1);
                members.add(new Member(Long.parseLong(both[0]), Long.parseLong(both[both.length - 1])));
            }
            StandaloneCluster cluster = new StandaloneCluster(
                    fields.getProperty("master", ""),
                    URI.create(fields.getProperty("web", "")),
                    members,
                    Path.of(fields.getProperty("folder", "")));
            return Optional.of(cluster);
        } catch (IOException | RuntimeException e) {
            throw new ArclightException(
                    ErrorCode.BAD_INPUT, "Cannot read %s (%s): remove it".formatted(file, e.getMessage()), e);
        }
    }

    /**
     * Starts a cluster and waits until its workers have joined.
     *
     * @param workers at least 1
     * @param cores of each worker
     * @param memoryMegabytes of each worker, for its executors
     * @throws ArclightException ALREADY_EXISTS if one runs; TIMEOUT or UNAVAILABLE if it does not come up, naming the
     *     log
     */
    public static StandaloneCluster start(Map<String, String> environment, int workers, int cores, int memoryMegabytes)
            throws IOException, InterruptedException {
        Optional<StandaloneCluster> running = find(environment);
        if (running.isPresent()) {
            throw new ArclightException(
                    ErrorCode.ALREADY_EXISTS,
                    "A cluster runs already at %s: use it, or stop it with 'arclight cluster stop'"
                            .formatted(running.get().master()));
        }
        Optional<StandaloneCluster> rest = findRest(environment);
        if (rest.isPresent()) {
            rest.get().stop(environment); // nobody would know of its workers any more
        }
        ClusterProcesses processes = ClusterProcesses.in(
                Files.createDirectories(file(environment).resolveSibling("cluster-" + System.currentTimeMillis())));
        try {
            processes.startMaster();
            for (int w = 0; w < workers; w++) {
                processes.startWorker(cores, memoryMegabytes);
            }
            StandaloneCluster cluster = processes.cluster();
            cluster.awaitWorkers(workers);
            cluster.save(file(environment));
            return cluster;
        } catch (IOException | InterruptedException | RuntimeException e) {
            end(processes.members());
            throw e;
        }
    }

    private void awaitWorkers(int expected) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            for (Member member : processes) {
                if (member.handle().isEmpty()) {
                    throw new ArclightException(
                            ErrorCode.UNAVAILABLE,
                            "A process of the cluster ended while it started; its log is in " + folder);
                }
            }
            Optional<Status> status = status();
            if (status.isPresent() && status.get().workers() >= expected) {
                return;
            }
            if (System.nanoTime() > deadline) {
                throw new ArclightException(
                        ErrorCode.TIMEOUT,
                        "%d of %d workers joined within %d s; the logs are in %s"
                                .formatted(
                                        status.map(Status::workers).orElse(0), expected, PATIENCE.toSeconds(), folder));
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
            if (Thread.interrupted()) {
                throw new InterruptedException("Interrupted while the cluster started");
            }
        }
    }

    /** What the master says; empty if it does not answer within two seconds. */
    public Optional<Status> status() throws InterruptedException {
        return status(web, master);
    }

    /**
     * What the master {@code expected} says on its page; empty if nobody answers there within two seconds, or another
     * one does.
     *
     * @param web the page, such as {@code http://HOST:8080/}
     */
    public static Optional<Status> status(URI web, String expected) throws InterruptedException {
        HttpClient client =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
        try {
            HttpRequest request = HttpRequest.newBuilder(web.resolve("/json/"))
                    .timeout(Duration.ofSeconds(2))
                    .build();
            JsonNode said = new JsonMapper()
                    .readTree(client.send(request, HttpResponse.BodyHandlers.ofString())
                            .body());
            if (!said.path("url").asText().equals(expected)) {
                return Optional.empty();
            }
            return Optional.of(new Status(
                    said.path("aliveworkers").asInt(),
                    said.path("cores").asInt(),
                    said.path("coresused").asInt(),
                    said.path("memory").asInt(),
                    said.path("memoryused").asInt()));
        } catch (IOException e) {
            return Optional.empty(); // not up yet, or gone
        }
    }

    /** Ends its processes, executors with them, and removes its folder. */
    public void stop(Map<String, String> environment) throws IOException {
        end(processes);
        AtomicFiles.deleteTree(folder);
        Files.deleteIfExists(file(environment));
    }

    private static void end(List<Member> members) {
        List<ProcessHandle> all = new ArrayList<>();
        for (Member member : members) {
            member.handle().ifPresent(process -> {
                process.descendants().forEach(all::add);
                all.add(process);
            });
        }
        all.forEach(ProcessHandle::destroy);
        for (ProcessHandle process : all) {
            try {
                process.onExit().get(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                process.destroyForcibly();
            } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
                process.destroyForcibly();
            }
        }
    }

    private void save(Path file) throws IOException {
        Properties fields = new Properties();
        fields.setProperty("master", master);
        fields.setProperty("web", web.toString());
        fields.setProperty("folder", folder.toString());
        fields.setProperty(
                "processes",
                String.join(
                        ",",
                        processes.stream()
                                .map(member -> member.pid() + "@" + member.startedMillis())
                                .toList()));
        StringWriter out = new StringWriter();
        fields.store(out, "arclight cluster start");
        AtomicFiles.write(file, out.toString());
    }

    private static Path file(Map<String, String> environment) {
        String state = environment.getOrDefault("XDG_STATE_HOME", "");
        Path base = state.isEmpty() ? Path.of(System.getProperty("user.home"), ".local", "state") : Path.of(state);
        return base.resolve("arclight").resolve("standalone-cluster.properties");
    }
}
