package dev.arclight.azure.submit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.arclight.azure.arm.WorkspaceResources;
import dev.arclight.base.ArclightException;
import dev.arclight.base.AtomicFiles;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.Settings;
import dev.arclight.base.progress.Progress;
import dev.arclight.engine.Master;
import dev.arclight.engine.job.DeployMode;
import dev.arclight.engine.job.JobId;
import dev.arclight.engine.job.JobRecord;
import dev.arclight.engine.job.JobRequest;
import dev.arclight.engine.job.JobStatus;
import dev.arclight.engine.job.Submitter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drivers on a compute cluster of Azure Machine Learning: a command job of several nodes, whose start script makes a
 * Ray cluster of them and runs the driver on the first with master {@code ray}.
 *
 * <p>What is shipped goes to a folder of the workspace's default datastore: request, jars, start script and the token
 * of the Ray cluster, 32 random bytes. Azure ML brings that folder to every node as the job's input; so the token is
 * known to who may read the datastore, which is who may read the application, and is in no command line, no variable
 * and no answer of Resource Manager. The folder is deleted once the end and the log of the job are kept here. Only
 * where Azure ML starts Ray itself ({@code arclight.aml-distribution=ray}) the token must be one of the job's
 * variables.
 */
public final class AmlSubmitter implements Submitter {
    private static final Logger LOG = LoggerFactory.getLogger(AmlSubmitter.class);
    private static final int TOKEN_BYTES = 32;
    private static final String JOBS = "arclight/jobs/";
    private static final String ENVIRONMENTS = "arclight/environments/";
    private static final String FOLDER = "folder";
    static final String JOB = "job";

    /** For which an answer about a job is good. */
    static final Duration PAUSE = Duration.ofSeconds(4);

    private final Map<String, String> environment;
    private final Duration pause;
    private final Map<JobId, RunHistory> histories = new ConcurrentHashMap<>();

    /** For ServiceLoader. */
    public AmlSubmitter() {
        this(System.getenv(), PAUSE);
    }

    AmlSubmitter(Map<String, String> environment, Duration pause) {
        this.environment = Map.copyOf(environment);
        this.pause = pause;
    }

    @Override
    public String name() {
        return "aml";
    }

    @Override
    public boolean serves(Master master, DeployMode mode) {
        return mode == DeployMode.CLUSTER && master.text().equals("aml");
    }

    @Override
    public Map<String, String> submit(JobId id, JobRequest request, Progress progress) throws InterruptedException {
        Settings settings = request.settings();
        AmlSettings.Cluster cluster = AmlSettings.Cluster.of(settings);
        Map<String, Path> jars = RequestFile.jars(request);
        Account account = Account.of(request.spark());
        JsonNode compute = compute(account, cluster);
        Store store = Store.of(account, settings);
        Undo undo = new Undo();
        try {
            String used = environment(account, store, settings, undo, progress);
            String folder = account.uri(store.name(), JOBS + id);
            String token = newToken();
            AmlJob job = new AmlJob(
                    id,
                    request.name(),
                    cluster,
                    used,
                    folder,
                    !compute.path("identity").isMissingNode(),
                    token);
            undo.before(folder, () -> account.deleteFolder(folder));
            new Shipment()
                    .files(jars)
                    .text(RequestFile.NAME, RequestFile.write(request))
                    .text(AmlJob.START, resource(AmlJob.START))
                    .text(AmlJob.TOKEN, token + "\n")
                    .text("job.yaml", job.yaml())
                    .send(account, folder, "shipping the application", progress);
            keep(settings, "job.yaml", job.yaml());
            String what = "the job '%s'".formatted(id);
            undo.before(what, () -> RunHistory.cancel(account, id.text()));
            account.resources()
                    .put(
                            account.workspace(),
                            "jobs/" + id,
                            what,
                            job.body(account.workspace()),
                            job.apiVersion(WorkspaceResources.API_VERSION));
            progress.message("Azure ML has job %s: %d nodes of %s".formatted(id, cluster.nodes(), cluster.compute()));
            Map<String, String> handle = new LinkedHashMap<>(account.handle());
            handle.put(JOB, id.text());
            handle.put(FOLDER, folder);
            return handle;
        } catch (RuntimeException | InterruptedException | Error e) {
            undo.all(e, progress);
            throw e;
        }
    }

    /** The cluster, if it is one that can run us. */
    private static JsonNode compute(Account account, AmlSettings.Cluster cluster) {
        JsonNode compute = account.resources().get(account.workspace(), "computes", "compute", cluster.compute());
        JsonNode properties = compute.path("properties");
        String type = properties.path("computeType").asText();
        if (!type.equals("AmlCompute")) {
            throw ArclightException.badInput(
                    "The compute '%s' is of the kind %s, expected AmlCompute (a compute cluster)"
                            .formatted(cluster.compute(), type));
        }
        int most = properties
                .path("properties")
                .path("scaleSettings")
                .path("maxNodeCount")
                .asInt(Integer.MAX_VALUE);
        if (cluster.nodes() > most) {
            throw ArclightException.badInput(
                    "The compute '%s' has at most %d nodes, and %s is %d: ask for fewer, or let the cluster scale further"
                            .formatted(cluster.compute(), most, AmlSettings.NODES.key(), cluster.nodes()));
        }
        return compute;
    }

    /** NAME:VERSION of the environment to use, which is made if this release was never here. */
    private String environment(Account account, Store store, Settings settings, Undo undo, Progress progress)
            throws InterruptedException {
        String given = settings.text(AmlSettings.ENVIRONMENT);
        if (!given.isBlank()) {
            if (!given.matches("[^:]+:[^:]+")) {
                throw AmlSettings.refused(AmlSettings.ENVIRONMENT, given, "NAME:VERSION");
            }
            String[] parts = given.split(":", 2);
            account.resources()
                    .get(
                            account.workspace(),
                            "environments/" + parts[0] + "/versions",
                            "version of environment '%s'".formatted(parts[0]),
                            parts[1]);
            return given;
        }
        Release release = Release.find(settings.text(AmlSettings.RELEASE), environment);
        AmlEnvironment made = AmlEnvironment.of(settings, release);
        String path = "environments/%s/versions/%s".formatted(AmlEnvironment.NAME, made.version());
        String what = "the environment '%s:%s'".formatted(AmlEnvironment.NAME, made.version());
        keep(settings, AmlEnvironment.DOCKERFILE, made.dockerfile());
        keep(settings, AmlEnvironment.CONDA, made.conda());
        keep(settings, "environment.yaml", made.yaml());
        if (account.resources().find(account.workspace(), path, what).isEmpty()) {
            String folder = account.uri(store.name(), ENVIRONMENTS + made.version());
            undo.before(folder, () -> account.deleteFolder(folder));
            new Shipment()
                    .files(release.files())
                    .text(AmlEnvironment.DOCKERFILE, made.dockerfile())
                    .text(AmlEnvironment.CONDA, made.conda())
                    .text("environment.yaml", made.yaml())
                    .text("addons/README", "Add-ons of Arclight\n") // so that the folder is there to copy
                    .send(account, folder, "shipping this release, once", progress);
            undo.before(what, () -> account.resources().delete(account.workspace(), path, what));
            account.resources()
                    .put(
                            account.workspace(),
                            path,
                            what,
                            AmlEnvironment.body(store, ENVIRONMENTS + made.version()),
                            WorkspaceResources.API_VERSION);
            progress.message(
                    "Azure ML builds %s when the first job needs it, which takes some minutes".formatted(what));
        }
        return AmlEnvironment.NAME + ":" + made.version();
    }

    private static void keep(Settings settings, String name, String text) {
        String folder = settings.text(AmlSettings.FILES);
        if (!folder.isBlank()) {
            try {
                AtomicFiles.write(Path.of(folder).resolve(name), text);
            } catch (IOException e) {
                throw new ArclightException(
                        ErrorCode.UNAVAILABLE, "Cannot write %s to %s: %s".formatted(name, folder, e.getMessage()), e);
            }
        }
    }

    private static String newToken() {
        byte[] token = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(token);
        return HexFormat.of().formatHex(token);
    }

    private static String resource(String name) {
        try (InputStream in = AmlSubmitter.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("Cannot read our own " + name, e);
        }
    }

    @Override
    public JobStatus status(JobRecord job) {
        return history(job).status();
    }

    @Override
    public long log(JobRecord job, long from, OutputStream to) throws IOException {
        return history(job).log(from, to);
    }

    @Override
    public void stop(JobRecord job) throws InterruptedException {
        history(job).stop();
    }

    /** What was shipped for the job goes, the token with it; the environment stays for the next one. */
    @Override
    public void release(JobRecord job) {
        String folder = job.handle().getOrDefault(FOLDER, "");
        try {
            Account.of(job).deleteFolder(folder);
        } catch (IOException | ArclightException e) {
            LOG.warn("Left behind, remove it by hand: {} ({})", folder, e.getMessage());
        }
    }

    private RunHistory history(JobRecord job) {
        return histories.computeIfAbsent(
                job.id(),
                id -> new RunHistory(
                        Account.of(job), job.handle().getOrDefault(JOB, id.text()), RunHistory.COMMAND_LOG, pause));
    }
}
