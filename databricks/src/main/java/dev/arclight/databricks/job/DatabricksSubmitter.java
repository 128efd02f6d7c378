package dev.arclight.databricks.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.progress.Progress;
import dev.arclight.base.rest.QueryString;
import dev.arclight.base.rest.RestClient;
import dev.arclight.base.rest.RestClient.Repeat;
import dev.arclight.databricks.Workspace;
import dev.arclight.engine.Master;
import dev.arclight.engine.job.DeployMode;
import dev.arclight.engine.job.JobId;
import dev.arclight.engine.job.JobRecord;
import dev.arclight.engine.job.JobRequest;
import dev.arclight.engine.job.JobStatus;
import dev.arclight.engine.job.JobStatus.State;
import dev.arclight.engine.job.Submitter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Drivers as runs of Databricks' jobs (master {@code databricks}), on a cluster that stands or on one of the job's own.
 * By the REST interfaces of jobs (2.2: {@code runs/submit}, {@code get}, {@code get-output}, {@code list},
 * {@code cancel}) and clusters (2.1: {@code get}, {@code list}). The output is there when the run has ended, and only
 * its last 5 MB.
 */
public final class DatabricksSubmitter implements Submitter {
    private static final String RUNS = "/api/2.2/jobs/runs/";
    private static final String CLUSTERS = "/api/2.1/clusters/";
    private static final Duration PATIENCE = Duration.ofSeconds(25);
    private static final String PROFILE = "profile";
    private static final String RUN = "run";
    private static final String STAGED = "staged";

    private final Map<String, String> environment;
    private final Duration poll;

    /** For ServiceLoader. */
    public DatabricksSubmitter() {
        this(System.getenv(), Duration.ofSeconds(2));
    }

    /** @param poll between two looks at a run that is being cancelled */
    DatabricksSubmitter(Map<String, String> environment, Duration poll) {
        this.environment = environment;
        this.poll = poll;
    }

    @Override
    public String name() {
        return "databricks";
    }

    @Override
    public boolean serves(Master master, DeployMode mode) {
        return mode == DeployMode.CLUSTER && master.equals(new Master.Platform("databricks"));
    }

    @Override
    public Map<String, String> submit(JobId id, JobRequest request, Progress progress) {
        RunRequest run = RunRequest.of(id, request);
        String profile = request.settings().text(DatabricksSettings.PROFILE);
        RestClient workspace = workspace(profile);
        if (!run.existingCluster().isEmpty()) {
            requireCluster(workspace, run.existingCluster());
        }
        // Jars may take as long as they move.
        StagedJars jars = new StagedJars(Workspace.open(profile, environment), run.staging());
        String runId;
        try {
            List<String> libraries = jars.ship(request.jars(), progress);
            // The same token again is answered with the run of the first.
            runId = workspace
                    .send("POST", RUNS + "submit", run.body(libraries), Repeat.SAFE)
                    .path("run_id")
                    .asText("");
            if (runId.isEmpty()) {
                throw new ArclightException(ErrorCode.UNAVAILABLE, "Databricks' answer names no run_id");
            }
        } catch (RuntimeException e) {
            undo(workspace, run, jars, e);
            throw e;
        }
        progress.message("%s took it as run %s".formatted(workspace.base(), runId));
        return Map.of(PROFILE, profile, RUN, runId, STAGED, run.staging());
    }

    private static void requireCluster(RestClient workspace, String cluster) {
        try {
            workspace.get(CLUSTERS + "get", QueryString.of("cluster_id", cluster));
        } catch (ArclightException e) {
            // Databricks calls an unknown cluster a wrong value.
            if (e.code() != ErrorCode.NOT_FOUND && e.code() != ErrorCode.BAD_INPUT) {
                throw e;
            }
            List<String> all = new ArrayList<>();
            each(
                    workspace,
                    CLUSTERS + "list",
                    QueryString.none(),
                    "clusters",
                    one -> all.add("%s (%s)"
                            .formatted(
                                    one.path("cluster_id").asText(),
                                    one.path("cluster_name").asText())));
            throw new ArclightException(
                    ErrorCode.NOT_FOUND,
                    "There is no cluster '%s' in %s: there %s"
                            .formatted(
                                    cluster,
                                    workspace.base(),
                                    all.isEmpty() ? "is none at all" : "are " + String.join(", ", all)),
                    e);
        }
    }

    private interface Each {
        void take(JsonNode one);
    }

    /** All entries of a list, page after page. */
    private static void each(RestClient workspace, String path, QueryString query, String name, Each each) {
        String text = query.text();
        Optional<String> page = Optional.empty();
        do {
            String next = page.map(token -> (text.isEmpty() ? "?" : "&")
                            + QueryString.of("page_token", token).text().substring(1))
                    .orElse("");
            JsonNode answer = workspace.get(path + text + next, QueryString.none());
            answer.path(name).forEach(each::take);
            page = Optional.of(answer.path("next_page_token").asText("")).filter(token -> !token.isEmpty());
        } while (page.isPresent());
    }

    /** It may have been taken although the answer was lost: then it must not run without its jars. */
    private static void undo(RestClient workspace, RunRequest run, StagedJars jars, RuntimeException cause) {
        try {
            each(
                    workspace,
                    RUNS + "list",
                    QueryString.of("active_only", "true").and("run_type", "SUBMIT_RUN"),
                    "runs",
                    one -> {
                        if (one.path("run_name").asText().equals(run.runName())) {
                            cancel(workspace, one.path("run_id").asLong());
                        }
                    });
        } catch (RuntimeException e) {
            cause.addSuppressed(e);
        }
        try {
            jars.delete();
        } catch (RuntimeException e) {
            cause.addSuppressed(e);
        }
    }

    private static void cancel(RestClient workspace, long run) {
        workspace.send(
                "POST", RUNS + "cancel", JsonNodeFactory.instance.objectNode().put("run_id", run), Repeat.SAFE);
    }

    @Override
    public JobStatus status(JobRecord job) {
        return find(workspace(job), job)
                .map(DatabricksSubmitter::status)
                .orElseGet(
                        () -> new JobStatus(State.LOST, "the workspace knows no run %s any more".formatted(run(job))));
    }

    private static JobStatus status(JsonNode run) {
        JsonNode state = run.path("state");
        String life = state.path("life_cycle_state").asText("");
        State found = switch (life) {
            case "RUNNING", "TERMINATING" -> State.RUNNING;
            case "SKIPPED", "INTERNAL_ERROR" -> State.FAILED;
            case "TERMINATED" ->
                switch (state.path("result_state").asText("")) {
                    case "SUCCESS", "SUCCESS_WITH_FAILURES" -> State.SUCCEEDED;
                    case "CANCELED" -> State.STOPPED;
                    default -> State.FAILED; // FAILED, TIMEDOUT, MAXIMUM_CONCURRENT_RUNS_REACHED, ...
                };
            default -> State.PENDING; // PENDING, QUEUED, BLOCKED, WAITING_FOR_RETRY
        };
        String message = state.path("state_message").asText("").strip();
        String page = run.path("run_page_url").asText("");
        return new JobStatus(
                found,
                (message.isEmpty() ? "Databricks says " + life : message) + (page.isEmpty() ? "" : ", see " + page));
    }

    private static Optional<JsonNode> find(RestClient workspace, JobRecord job) {
        try {
            return Optional.of(workspace.get(RUNS + "get", QueryString.of("run_id", run(job))));
        } catch (ArclightException e) {
            // Databricks calls an unknown run a wrong value.
            if (e.code() == ErrorCode.NOT_FOUND
                    || String.valueOf(e.getMessage()).contains("does not exist")) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Nothing while the run lasts. */
    @Override
    public long log(JobRecord job, long from, OutputStream to) throws IOException {
        RestClient workspace = workspace(job);
        Optional<JsonNode> run = find(workspace, job);
        if (run.isEmpty() || !status(run.get()).state().ended()) {
            return from;
        }
        String task = run.get().path("tasks").path(0).path("run_id").asText(run(job));
        JsonNode output = workspace.get(RUNS + "get-output", QueryString.of("run_id", task));
        StringBuilder text = new StringBuilder();
        if (output.path("logs_truncated").asBoolean()) {
            text.append("[Databricks keeps the last 5 MB of the output: what was before is missing]\n");
        }
        text.append(output.path("logs").asText(""));
        for (String field : List.of("error", "error_trace")) {
            String said = output.path(field).asText("");
            text.append(said.isEmpty() ? "" : said + "\n");
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        int begin = (int) Math.min(from, bytes.length);
        to.write(bytes, begin, bytes.length - begin);
        return from + bytes.length - begin;
    }

    @Override
    public void stop(JobRecord job) throws InterruptedException {
        RestClient workspace = workspace(job);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        boolean asked = false;
        while (true) {
            Optional<JsonNode> now = find(workspace, job);
            if (now.isEmpty() || status(now.get()).state().ended()) {
                return;
            }
            if (!asked) {
                cancel(workspace, Long.parseLong(run(job)));
                asked = true;
            } else if (System.nanoTime() > deadline) {
                throw new ArclightException(
                        ErrorCode.TIMEOUT,
                        "Run %s was asked to end and has not within %d s: look again by 'arclight job status %s'"
                                .formatted(run(job), PATIENCE.toSeconds(), job.id()));
            }
            TimeUnit.MILLISECONDS.sleep(poll.toMillis());
        }
    }

    @Override
    public void release(JobRecord job) {
        String staged = job.handle().getOrDefault(STAGED, "");
        if (!staged.isEmpty()) {
            new StagedJars(workspace(job), staged).delete();
        }
    }

    private static String run(JobRecord job) {
        return job.handle().getOrDefault(RUN, "0");
    }

    private RestClient workspace(JobRecord job) {
        return workspace(job.handle().getOrDefault(PROFILE, ""));
    }

    private RestClient workspace(String profile) {
        return Workspace.open(profile, environment).within(PATIENCE);
    }
}
