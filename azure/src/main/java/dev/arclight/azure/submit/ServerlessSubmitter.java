package dev.arclight.azure.submit;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.arclight.azure.arm.WorkspaceResources;
import dev.arclight.azure.uri.Workspace;
import dev.arclight.base.ArclightException;
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
import java.io.OutputStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Jars on Azure ML's serverless Spark: a Spark job of the workspace on machines that Azure ML finds. The Spark is Azure
 * ML's ({@code arclight.aml-spark-runtime}), not ours, so the jar is built for that one and cannot use Arclight.
 */
public final class ServerlessSubmitter implements Submitter {
    private static final Logger LOG = LoggerFactory.getLogger(ServerlessSubmitter.class);
    private static final Pattern DRIVER_LOG = Pattern.compile("(user_logs/std_log|logs/azureml/driver/stdout).*");
    private static final String FOLDER = "folder";

    private final Duration pause;
    private final Map<JobId, RunHistory> histories = new ConcurrentHashMap<>();

    /** For ServiceLoader. */
    public ServerlessSubmitter() {
        this(AmlSubmitter.PAUSE);
    }

    ServerlessSubmitter(Duration pause) {
        this.pause = pause;
    }

    @Override
    public String name() {
        return "aml-serverless";
    }

    @Override
    public boolean serves(Master master, DeployMode mode) {
        return mode == DeployMode.CLUSTER && master.text().equals("aml-serverless");
    }

    @Override
    public Map<String, String> submit(JobId id, JobRequest request, Progress progress) throws InterruptedException {
        Job job = new Job(id, request);
        Account account = Account.of(request.spark());
        Store store = Store.of(account, request.settings());
        String path = "arclight/jobs/" + id;
        String folder = account.uri(store.name(), path);
        Workspace workspace = account.workspace();
        WorkspaceResources resources = account.resources();
        Undo undo = new Undo();
        try {
            undo.before(folder, () -> account.deleteFolder(folder));
            new Shipment()
                    .files(ManagedSpark.jars(request))
                    .text("job.yaml", job.yaml())
                    .send(account, folder, "shipping the application", progress);
            String code = "codes/%s/versions/1".formatted(id);
            undo.before("the code asset of the job", () -> resources.delete(workspace, code, "the code asset"));
            resources.put(workspace, code, "the code asset", code(store, path), WorkspaceResources.API_VERSION);
            String what = "the Spark job '%s'".formatted(id);
            undo.before(what, () -> RunHistory.cancel(account, id.text()));
            resources.put(workspace, "jobs/" + id, what, job.body(workspace, code), WorkspaceResources.API_VERSION);
            Map<String, String> handle = new LinkedHashMap<>(account.handle());
            handle.put(AmlSubmitter.JOB, id.text());
            handle.put(FOLDER, folder);
            return handle;
        } catch (RuntimeException | InterruptedException | Error e) {
            undo.all(e, progress);
            throw e;
        }
    }

    /** The body of {@code Code Versions - Create Or Update}. */
    private static ObjectNode code(Store store, String path) {
        ObjectNode body = new JsonMapper().createObjectNode();
        body.putObject("properties")
                .put("description", "Jars of an application that arclight submitted")
                .put("codeUri", store.blob(path));
        return body;
    }

    /** A Spark job: as Resource Manager takes it, and as {@code az ml job create} does. */
    record Job(JobId id, JobRequest request) {
        Job {
            ManagedSpark.of(request);
            request.arguments().stream()
                    .filter(argument -> !argument.matches("[^\\s'\"\\\\]+"))
                    .findFirst()
                    .ifPresent(argument -> {
                        throw ArclightException.badInput(
                                "Master 'aml-serverless' takes all arguments as one line, so that the argument '%s' with its spaces or quotes would not arrive: pass it in a file"
                                        .formatted(argument));
                    });
        }

        private ManagedSpark spark() {
            return ManagedSpark.of(request);
        }

        private Settings settings() {
            return request.settings();
        }

        private List<String> jars() {
            return List.copyOf(ManagedSpark.jars(request).keySet());
        }

        /**
         * The body of {@code Jobs - Create Or Update}, a {@code SparkJob}.
         *
         * @param code path of the code asset in the workspace
         */
        ObjectNode body(Workspace workspace, String code) {
            ObjectNode body = new JsonMapper().createObjectNode();
            ObjectNode properties = body.putObject("properties")
                    .put("jobType", "Spark")
                    .put("displayName", request.name())
                    .put("experimentName", settings().text(AmlSettings.EXPERIMENT))
                    .put("codeId", workspace.resourceId() + "/" + code);
            properties
                    .putObject("entry")
                    .put("sparkJobEntryType", "SparkJobScalaEntry")
                    .put("className", request.mainClass());
            jars().forEach(properties.withArray("jars")::add);
            if (!request.arguments().isEmpty()) {
                properties.put("args", String.join(" ", request.arguments()));
            }
            ObjectNode conf = properties.putObject("conf");
            spark().settings().forEach(conf::put);
            properties
                    .putObject("resources")
                    .put("instanceType", settings().text(AmlSettings.INSTANCE_TYPE))
                    .put("runtimeVersion", settings().text(AmlSettings.RUNTIME));
            properties.putObject("identity").put("identityType", "UserIdentity");
            properties.putObject("tags").put("arclight-job", id.text());
            return body;
        }

        /** For {@code az ml job create --file}, in a folder with the jars in {@code jars}. */
        String yaml() {
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("$schema", "https://azuremlschemas.azureedge.net/latest/sparkJob.schema.json");
            document.put("type", "spark");
            document.put("name", id.text());
            document.put("display_name", request.name());
            document.put("experiment_name", settings().text(AmlSettings.EXPERIMENT));
            document.put("code", ".");
            document.put("entry", Map.of("class_name", request.mainClass()));
            document.put("jars", jars());
            if (!request.arguments().isEmpty()) {
                document.put("args", String.join(" ", request.arguments()));
            }
            document.put("conf", spark().settings());
            Map<String, Object> resources = new LinkedHashMap<>();
            resources.put("instance_type", settings().text(AmlSettings.INSTANCE_TYPE));
            resources.put("runtime_version", settings().text(AmlSettings.RUNTIME));
            document.put("resources", resources);
            document.put("identity", Map.of("type", "user_identity"));
            document.put("tags", Map.of("arclight-job", id.text()));
            return Yaml.of(document);
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

    @Override
    public void release(JobRecord job) {
        String folder = job.handle().getOrDefault(FOLDER, "");
        try {
            Account account = Account.of(job);
            account.resources()
                    .delete(account.workspace(), "codes/%s/versions/1".formatted(job.id()), "the code asset");
            account.deleteFolder(folder);
        } catch (IOException | ArclightException e) {
            LOG.warn("Left behind, remove it by hand: {} ({})", folder, e.getMessage());
        }
    }

    private RunHistory history(JobRecord job) {
        return histories.computeIfAbsent(
                job.id(),
                id -> new RunHistory(
                        Account.of(job), job.handle().getOrDefault(AmlSubmitter.JOB, id.text()), DRIVER_LOG, pause));
    }
}
