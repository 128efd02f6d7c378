package dev.arclight.azure.submit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.arclight.azure.arm.WorkspaceResources;
import dev.arclight.azure.uri.Workspace;
import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.engine.job.JobStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A job of a workspace while it is under way and after: state, log of the first rank, end. Who follows a job asks twice
 * a second; Azure lets a subscription read some 12,000 times an hour. So until the job has ended, what was asked a
 * moment ago is not asked again. Safe for use by many threads.
 */
final class RunHistory {
    private static final Duration ANSWER = Duration.ofSeconds(30);
    private static final Duration STOP = Duration.ofSeconds(30);
    /** The first rank's, or the only one's; the pattern is that of Azure's own Python client (azure-ai-ml). */
    static final Pattern COMMAND_LOG = Pattern.compile("user_logs/std_log\\D*0*(?:_ps)?\\.txt");

    private static final int PARTIAL = 206;
    private static final int NOTHING_THERE = 416;

    private final WorkspaceResources resources;
    private final Workspace workspace;
    private final String job;
    private final Pattern logName;
    private final long pauseNanos;
    private @Nullable URI service;
    private @Nullable JobStatus known;
    private long statusAt;
    private long logAt;

    /**
     * @param logName of the driver's log among the files of the run
     * @param pause for which an answer is good
     */
    RunHistory(Account account, String job, Pattern logName, Duration pause) {
        this.logName = logName;
        this.pauseNanos = pause.toNanos();
        this.statusAt = System.nanoTime() - pauseNanos;
        this.logAt = statusAt;
        this.resources = account.resources();
        this.workspace = account.workspace();
        this.job = job;
    }

    /** Ends a job of which nobody knows whether it was made: nothing happens if it was not. */
    static void cancel(Account account, String job) {
        String what = "the job '%s'".formatted(job);
        if (account.resources().find(account.workspace(), "jobs/" + job, what).isPresent()) {
            account.resources().post(account.workspace(), "jobs/" + job + "/cancel", what);
        }
    }

    /** How it stands, or stood a moment ago. */
    synchronized JobStatus status() {
        JobStatus last = known;
        if (last == null || (!last.state().ended() && System.nanoTime() - statusAt >= pauseNanos)) {
            last = ask();
            known = last;
            statusAt = System.nanoTime();
        }
        return last;
    }

    private JobStatus ask() {
        Optional<JsonNode> found = resources.find(workspace, "jobs/" + job, what());
        if (found.isEmpty()) {
            return new JobStatus(
                    JobStatus.State.LOST, "workspace '%s' has no job %s any more".formatted(workspace.name(), job));
        }
        String status = found.get().path("properties").path("status").asText();
        JobStatus.State state = switch (status) {
            case "NotStarted", "Starting", "Provisioning", "Preparing", "Queued" -> JobStatus.State.PENDING;
            case "Completed" -> JobStatus.State.SUCCEEDED;
            case "Failed" -> JobStatus.State.FAILED;
            case "Canceled" -> JobStatus.State.STOPPED;
            default -> JobStatus.State.RUNNING;
        };
        return new JobStatus(
                state,
                state == JobStatus.State.FAILED ? reason() : "%s in workspace %s".formatted(status, workspace.name()));
    }

    private String reason() {
        String message = details().path("error").path("error").path("message").asText("");
        return message.isEmpty()
                ? "Azure ML gives no reason: see its log"
                : message.lines().findFirst().orElse("");
    }

    private JsonNode details() {
        URI at = service;
        if (at == null) {
            at = resources.runHistory(workspace);
            service = at;
        }
        return resources.runDetails(at, workspace, job);
    }

    /** Copies the log from byte {@code from}; the byte after the last one copied. */
    synchronized long log(long from, OutputStream to) throws IOException {
        boolean ended = known != null && known.state().ended();
        if (from > 0 && !ended && System.nanoTime() - logAt < pauseNanos) {
            return from;
        }
        logAt = System.nanoTime();
        TreeMap<String, String> logs = new TreeMap<>();
        details().path("logFiles").properties().forEach(file -> {
            if (logName.matcher(file.getKey()).matches()) {
                logs.put(file.getKey(), file.getValue().asText());
            }
        });
        if (logs.isEmpty()) {
            return from; // none yet
        }
        URI address = URI.create(logs.values().iterator().next()); // signed: it is shown nowhere
        HttpClient http = HttpClient.newBuilder().connectTimeout(ANSWER).build();
        HttpRequest request = HttpRequest.newBuilder(address)
                .timeout(ANSWER)
                .header("Range", "bytes=" + from + "-")
                .build();
        try {
            HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
            try (InputStream in = response.body()) {
                if (response.statusCode() == NOTHING_THERE) {
                    return from;
                }
                if (response.statusCode() != PARTIAL && response.statusCode() != 200) {
                    throw new ArclightException(
                            ErrorCode.UNAVAILABLE,
                            "The log of %s cannot be read from %s: status %d"
                                    .formatted(job, address.getHost(), response.statusCode()));
                }
                if (response.statusCode() != PARTIAL) {
                    in.skipNBytes(from);
                }
                return from + in.transferTo(to);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ArclightException(ErrorCode.CANCELLED, "Interrupted while reading the log of " + job, e);
        }
    }

    /** Asks for its end and waits for it. */
    void stop() throws InterruptedException {
        if (status().state().ended()) {
            return;
        }
        resources.post(workspace, "jobs/" + job + "/cancel", what());
        synchronized (this) {
            known = null;
        }
        long deadline = System.nanoTime() + STOP.toNanos();
        while (!status().state().ended()) {
            if (System.nanoTime() > deadline) {
                throw new ArclightException(
                        ErrorCode.TIMEOUT,
                        "Azure ML was asked to cancel %s and has not done so within %d s: it goes on trying, look again by 'arclight job status'"
                                .formatted(job, STOP.toSeconds()));
            }
            TimeUnit.SECONDS.sleep(1);
        }
    }

    private String what() {
        return "the job '%s'".formatted(job);
    }
}
