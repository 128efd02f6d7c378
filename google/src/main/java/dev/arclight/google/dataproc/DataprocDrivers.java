package dev.arclight.google.dataproc;

import static dev.arclight.base.ArclightException.badInput;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.progress.Progress;
import dev.arclight.base.rest.QueryString;
import dev.arclight.base.rest.RestClient;
import dev.arclight.engine.job.JobId;
import dev.arclight.engine.job.JobRecord;
import dev.arclight.engine.job.JobRequest;
import dev.arclight.engine.job.JobStatus;
import dev.arclight.engine.job.Submitter;
import dev.arclight.google.dataproc.DataprocSettings.Place;
import dev.arclight.google.rest.GoogleErrors;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What jobs of clusters and serverless batches have in common. */
abstract class DataprocDrivers implements Submitter {
    static final String PROJECT = "project";
    static final String REGION = "region";
    private static final String ENDPOINT = "endpoint";
    private static final String STAGED = "staged";
    /** One call with all its repeats; a {@link dev.arclight.engine.job.Drivers} may wait for 30 seconds. */
    private static final Duration PATIENCE = Duration.ofSeconds(25);

    private final Connection connection;

    DataprocDrivers(Connection connection) {
        this.connection = connection;
    }

    /** What is submitted. */
    record Shipped(String mainClass, List<String> jars, List<String> arguments, Map<String, String> properties) {}

    /** Refuses, before anything is shipped, what cannot run. */
    abstract void check(RestClient dataproc, Place place, JobRequest request);

    /** Settings that this service's drivers need; the user's win. */
    abstract Map<String, String> defaults();

    /** Starts the driver. The same call twice starts it once. */
    abstract void create(RestClient dataproc, Place place, JobId id, JobRequest request, Shipped shipped);

    /** The path of what was started, below the endpoint. */
    abstract String path(String project, String region, String id);

    abstract JobStatus status(JsonNode job);

    /** Where the driver's output begins; empty if nothing is known yet. */
    abstract String output(JsonNode job);

    /** Asks to end what was started. */
    abstract void cancel(RestClient dataproc, String path, JsonNode job);

    @Override
    public Map<String, String> submit(JobId id, JobRequest request, Progress progress) {
        String master = request.master().text();
        if (request.jars().isEmpty()) {
            throw badInput(
                    "Master '%s' has no class path of Arclight's: submit a jar that holds the application and what it uses"
                            .formatted(master));
        }
        Place place = DataprocSettings.place(request.settings(), connection.environment(), master);
        String folder = DataprocSettings.staging(request.settings(), master, connection.stagingScheme()) + "/" + id;
        RestClient dataproc = dataproc(place.endpoint());
        check(dataproc, place, request);
        Staging staging = new Staging(folder, connection.hadoop().get());
        try {
            create(dataproc, place, id, request, ship(staging, request, progress));
        } catch (RuntimeException e) {
            undo(dataproc, path(place.project(), place.region(), id.text()), staging, e);
            throw e;
        }
        progress.message("%s took it as %s".formatted(place.endpoint().getHost(), id));
        return Map.of(
                ENDPOINT,
                place.endpoint().toString(),
                PROJECT,
                place.project(),
                REGION,
                place.region(),
                STAGED,
                folder);
    }

    private Shipped ship(Staging staging, JobRequest request, Progress progress) {
        List<String> jars = new ArrayList<>(staging.ship(request.jars(), progress));
        Map<String, String> secret = PrivateSettings.of(request.spark());
        Map<String, String> properties = new LinkedHashMap<>(defaults());
        properties.putAll(request.spark());
        properties.keySet().removeAll(secret.keySet());
        properties.put("spark.app.name", request.name());
        if (secret.isEmpty()) {
            return new Shipped(request.mainClass(), jars, request.arguments(), properties);
        }
        List<String> arguments = new ArrayList<>();
        arguments.add(staging.put("private.properties", out -> PrivateSettings.write(secret, out)));
        arguments.add(request.mainClass());
        arguments.addAll(request.arguments());
        jars.add(staging.put("arclight-private-settings.jar", PrivateSettings::writeJar));
        return new Shipped(PrivateSettings.class.getName(), jars, arguments, properties);
    }

    /** It may have been taken although the answer was lost: then it must not run without its jars. */
    private void undo(RestClient dataproc, String path, Staging staging, RuntimeException cause) {
        try {
            find(dataproc, path).ifPresent(job -> cancel(dataproc, path, job));
        } catch (RuntimeException e) {
            cause.addSuppressed(e);
        }
        try {
            staging.delete();
        } catch (RuntimeException e) {
            cause.addSuppressed(e);
        }
    }

    @Override
    public JobStatus status(JobRecord job) {
        return find(dataproc(job), path(job))
                .map(this::status)
                .orElseGet(() ->
                        new JobStatus(JobStatus.State.LOST, "Dataproc knows no %s any more".formatted(path(job))));
    }

    @Override
    public long log(JobRecord job, long from, OutputStream to) throws IOException {
        String uri = find(dataproc(job), path(job)).map(this::output).orElse("");
        return DriverOutput.copy(uri, connection.hadoop().get(), from, to);
    }

    @Override
    public void stop(JobRecord job) throws InterruptedException {
        RestClient dataproc = dataproc(job);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        boolean asked = false;
        while (true) {
            Optional<JsonNode> now = find(dataproc, path(job));
            if (now.isEmpty() || status(now.get()).state().ended()) {
                return;
            }
            if (!asked) {
                cancel(dataproc, path(job), now.get());
                asked = true;
            } else if (System.nanoTime() > deadline) {
                throw new ArclightException(
                        ErrorCode.TIMEOUT,
                        "%s was asked to end and has not within %d s: look again by 'arclight job status %s'"
                                .formatted(path(job), PATIENCE.toSeconds(), job.id()));
            }
            TimeUnit.MILLISECONDS.sleep(connection.poll().toMillis());
        }
    }

    @Override
    public void release(JobRecord job) {
        String staged = job.handle().getOrDefault(STAGED, "");
        if (!staged.isEmpty()) {
            new Staging(staged, connection.hadoop().get()).delete();
        }
    }

    static Optional<JsonNode> find(RestClient dataproc, String path) {
        try {
            return Optional.of(dataproc.get(path, QueryString.none()));
        } catch (ArclightException e) {
            if (e.code() == ErrorCode.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static void texts(ObjectNode to, String name, List<String> texts) {
        texts.forEach(to.withArray("/" + name)::add);
    }

    static void map(ObjectNode to, String name, Map<String, String> values) {
        values.forEach(to.putObject(name)::put);
    }

    private String path(JobRecord job) {
        return path(
                job.handle().getOrDefault(PROJECT, ""),
                job.handle().getOrDefault(REGION, ""),
                job.id().text());
    }

    private RestClient dataproc(JobRecord job) {
        return dataproc(DataprocSettings.endpoint(job.handle().getOrDefault(ENDPOINT, "")));
    }

    private RestClient dataproc(URI endpoint) {
        return new RestClient(
                        "Dataproc",
                        endpoint,
                        connection.credentials().get(),
                        new GoogleErrors("Dataproc Editor (roles/dataproc.editor)"))
                .within(PATIENCE);
    }
}
