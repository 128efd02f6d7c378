package dev.arclight.azure.submit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.arclight.azure.arm.AzureSettings;
import dev.arclight.azure.arm.ServiceClient;
import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.progress.Progress;
import dev.arclight.engine.Master;
import dev.arclight.engine.job.DeployMode;
import dev.arclight.engine.job.JobId;
import dev.arclight.engine.job.JobRecord;
import dev.arclight.engine.job.JobRequest;
import dev.arclight.engine.job.JobStatus;
import dev.arclight.engine.job.Submitter;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Jars on a Spark pool of a Synapse workspace, by its batch interface. The Spark is the pool's, so the jar is built for
 * that one and cannot use Arclight.
 *
 * @see <a href="https://learn.microsoft.com/rest/api/synapse/data-plane/spark-batch">Spark Batch</a>, version
 *     2020-12-01
 */
public final class SynapseSubmitter implements Submitter {
    private static final Logger LOG = LoggerFactory.getLogger(SynapseSubmitter.class);
    private static final String SCOPE = "https://dev.azuresynapse.net/.default";
    private static final String ROLE = "Synapse Compute Operator";
    private static final String HADOOP = "spark.hadoop.";
    private static final String ENDPOINT = "endpoint";
    private static final String BATCH = "batch";
    private static final String FOLDER = "folder";

    /** What the pool said of a batch, and when. */
    private record Answer(Optional<JsonNode> batch, long atNanos) {}

    private final Duration pause;
    private final Map<JobId, Answer> answers = new ConcurrentHashMap<>();

    /** For ServiceLoader. */
    public SynapseSubmitter() {
        this(AmlSubmitter.PAUSE);
    }

    /** @param pause for which an answer about a batch is good: who follows a job asks twice a second */
    SynapseSubmitter(Duration pause) {
        this.pause = pause;
    }

    @Override
    public String name() {
        return "synapse";
    }

    @Override
    public boolean serves(Master master, DeployMode mode) {
        return mode == DeployMode.CLUSTER && master.text().equals("synapse");
    }

    @Override
    public Map<String, String> submit(JobId id, JobRequest request, Progress progress) throws InterruptedException {
        SynapseSettings.Pool pool = SynapseSettings.Pool.of(request.settings());
        ManagedSpark spark = ManagedSpark.of(request);
        String folder = pool.storage() + "/arclight/jobs/" + id;
        Map<String, String> hadoop = hadoop(request);
        Configuration configuration = configuration(hadoop);
        Undo undo = new Undo();
        try {
            undo.before(folder, () -> delete(configuration, folder));
            new Shipment()
                    .files(ManagedSpark.jars(request))
                    .send(() -> files(configuration, folder), folder, "shipping the application", progress);
            JsonNode answer = client(configuration, pool.endpoint())
                    .send(
                            "POST",
                            batches(pool.name()) + "?detailed=true",
                            body(id, request, spark, folder),
                            what(id),
                            ROLE)
                    .orElseThrow(() -> ArclightException.notFound(
                            "There is no Spark pool '%s' at %s".formatted(pool.name(), pool.endpoint())));
            Map<String, String> handle = new LinkedHashMap<>();
            hadoop.forEach((key, value) -> {
                if (key.startsWith("fs.azureml.")) {
                    handle.put(HADOOP + key, value); // how we sign in; no secrets
                }
            });
            handle.put(ENDPOINT, pool.endpoint().toString());
            handle.put(BATCH, batches(pool.name()) + "/" + answer.path("id").asText());
            handle.put(FOLDER, folder);
            return handle;
        } catch (RuntimeException | InterruptedException | Error e) {
            undo.all(e, progress);
            throw e;
        }
    }

    private static ObjectNode body(JobId id, JobRequest request, ManagedSpark spark, String folder) {
        List<String> jars = ManagedSpark.jars(request).keySet().stream()
                .map(jar -> folder + "/" + jar)
                .toList();
        ObjectNode body = new JsonMapper()
                .createObjectNode()
                .put("name", request.name())
                .put("file", jars.get(0))
                .put("className", request.mainClass())
                .put("driverMemory", spark.driverMemory())
                .put("driverCores", spark.driverCores())
                .put("executorMemory", spark.executorMemory())
                .put("executorCores", spark.executorCores())
                .put("numExecutors", spark.executors());
        request.arguments().forEach(body.putArray("args")::add);
        jars.subList(1, jars.size()).forEach(body.putArray("jars")::add);
        ObjectNode conf = body.putObject("conf");
        spark.further().forEach(conf::put);
        body.putObject("tags").put("arclight-job", id.text());
        return body;
    }

    @Override
    public JobStatus status(JobRecord job) {
        Optional<JsonNode> found = batch(job);
        if (found.isEmpty()) {
            return new JobStatus(JobStatus.State.LOST, "the pool knows it no more");
        }
        JsonNode batch = found.get();
        String result = batch.path("result").asText();
        String state = batch.path("state").asText();
        String error = batch.path("errorInfo").path(0).path("message").asText("");
        return switch (result) {
            case "Succeeded" -> new JobStatus(JobStatus.State.SUCCEEDED, state);
            case "Failed" -> new JobStatus(JobStatus.State.FAILED, error.isEmpty() ? state : error);
            case "Cancelled" -> new JobStatus(JobStatus.State.STOPPED, state);
            default -> new JobStatus(stateOf(state), state);
        };
    }

    /** Livy's states, for as long as there is no result. */
    private static JobStatus.State stateOf(String livy) {
        return switch (livy) {
            case "not_started", "starting", "recovering" -> JobStatus.State.PENDING;
            case "success" -> JobStatus.State.SUCCEEDED;
            case "dead", "error" -> JobStatus.State.FAILED;
            case "killed" -> JobStatus.State.STOPPED;
            default -> JobStatus.State.RUNNING;
        };
    }

    /** The lines that the batch interface gives; the whole log is in Synapse Studio. */
    @Override
    public long log(JobRecord job, long from, OutputStream to) throws IOException {
        StringBuilder text = new StringBuilder();
        batch(job)
                .ifPresent(found -> found.path("log")
                        .forEach(line -> text.append(line.asText()).append('\n')));
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        if (from < bytes.length) {
            to.write(bytes, (int) from, bytes.length - (int) from);
        }
        return Math.max(from, bytes.length);
    }

    @Override
    public void stop(JobRecord job) {
        if (!status(job).state().ended()) {
            send("DELETE", job);
            answers.remove(job.id());
        }
    }

    @Override
    public void release(JobRecord job) {
        String folder = job.handle().getOrDefault(FOLDER, "");
        try {
            delete(configuration(ofJob(job)), folder);
        } catch (IOException | ArclightException e) {
            LOG.warn("Left behind, remove it by hand: {} ({})", folder, e.getMessage());
        }
    }

    private Optional<JsonNode> batch(JobRecord job) {
        Answer known = answers.get(job.id());
        if (known == null || System.nanoTime() - known.atNanos() >= pause.toNanos()) {
            known = new Answer(send("GET", job), System.nanoTime());
            answers.put(job.id(), known);
        }
        return known.batch();
    }

    private static Optional<JsonNode> send(String method, JobRecord job) {
        URI endpoint = URI.create(job.handle().getOrDefault(ENDPOINT, ""));
        return client(configuration(ofJob(job)), endpoint)
                .send(
                        method,
                        job.handle().getOrDefault(BATCH, "") + (method.equals("GET") ? "?detailed=true" : ""),
                        null,
                        what(job.id()),
                        ROLE);
    }

    private static String batches(String pool) {
        return "/livyApi/versions/2020-12-01/sparkPools/" + pool + "/batches";
    }

    private static String what(JobId id) {
        return "the Spark batch of " + id;
    }

    private static ServiceClient client(Configuration configuration, URI endpoint) {
        return AzureSettings.of(configuration).service(SCOPE, endpoint);
    }

    private static Map<String, String> hadoop(JobRequest request) {
        return withoutPrefix(request.spark());
    }

    private static Map<String, String> ofJob(JobRecord job) {
        return withoutPrefix(job.handle());
    }

    private static Map<String, String> withoutPrefix(Map<String, String> settings) {
        Map<String, String> hadoop = new TreeMap<>();
        settings.forEach((key, value) -> {
            if (key.startsWith(HADOOP)) {
                hadoop.put(key.substring(HADOOP.length()), value);
            }
        });
        return hadoop;
    }

    private static Configuration configuration(Map<String, String> hadoop) {
        Configuration configuration = new Configuration();
        hadoop.forEach(configuration::set);
        return configuration;
    }

    private static FileSystem files(Configuration configuration, String folder) {
        try {
            return FileSystem.newInstance(URI.create(folder), configuration);
        } catch (IOException e) {
            throw new ArclightException(
                    ErrorCode.UNAVAILABLE, "Cannot open %s: %s".formatted(folder, e.getMessage()), e);
        }
    }

    private static void delete(Configuration configuration, String folder) throws IOException {
        try (FileSystem files = files(configuration, folder)) {
            files.delete(new Path(folder), true);
        }
    }
}
