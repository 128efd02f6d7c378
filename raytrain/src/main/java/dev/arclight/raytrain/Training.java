package dev.arclight.raytrain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.progress.Progress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens to one training, from its start to the model. Used by one thread. */
final class Training {
    private static final Logger LOG = LoggerFactory.getLogger(Training.class);
    /** Until the module is loaded, and until workers have their places. */
    private static final Duration START = Duration.ofMinutes(5);

    private static final int MOST_BYTES = 1 << 30;

    private final Desk desk;
    private final int workers;
    private final ReportListener listener;
    private final Progress.Task task;
    private final List<Report> history = new ArrayList<>();
    private final Set<Integer> up = new HashSet<>();
    private int restarts;
    private boolean ready;

    /** @param listener hears of reports */
    Training(Desk desk, int workers, ReportListener listener, Progress.Task task) {
        this.desk = desk;
        this.workers = workers;
        this.listener = listener;
        this.task = task;
    }

    /**
     * Waits until the program that trains has checked what it is to do.
     *
     * @throws ArclightException BAD_INPUT if it refuses, TIMEOUT
     */
    void awaitReady() {
        Instant end = Instant.now().plus(START);
        while (!ready) {
            requireInTime(end, "The cluster's Python has not loaded the module");
            desk.poll().events().forEach(this::take);
        }
    }

    /**
     * Waits for the end.
     *
     * @throws ArclightException UNAVAILABLE with why it failed, TIMEOUT if workers get no places, CANCELLED if
     *     interrupted
     */
    Trained awaitEnd(List<String> features) {
        Instant end = Instant.now().plus(START);
        while (true) {
            Desk.News news = desk.poll();
            for (JsonNode event : news.events()) {
                if (event.path("kind").asText().equals("done")) {
                    return done(event, features);
                }
                take(event);
            }
            if (news.over()) {
                throw new ArclightException(ErrorCode.UNAVAILABLE, "The training ended and left no model");
            }
            if (up.size() < workers) {
                requireInTime(end, "Of %d workers %d have started".formatted(workers, up.size()));
            }
            requireUninterrupted();
        }
    }

    private Trained done(JsonNode event, List<String> features) {
        long bytes = event.path("bytes").asLong();
        if (bytes > MOST_BYTES) {
            throw ArclightException.badInput(
                    "The trained model has %d MiB; more than %d MiB are not brought here: keep it on a shared folder or bucket (storage) and report a checkpoint without it"
                            .formatted(bytes >> 20, MOST_BYTES >> 20));
        }
        Map<String, String> versions = new HashMap<>();
        event.path("versions")
                .properties()
                .forEach(version ->
                        versions.put(version.getKey(), version.getValue().asText()));
        return new Trained(desk.archive((int) bytes), features, versions, history, restarts);
    }

    private void take(JsonNode event) {
        switch (event.path("kind").asText()) {
            case "ready" -> {
                ready = true;
                LOG.info("Ray Train {} is ready", event.path("ray").asText());
            }
            case "worker" -> {
                up.add(event.path("rank").asInt());
                LOG.info("Worker {} trains", event.path("rank").asInt());
            }
            case "lost" -> {
                restarts++;
                up.clear();
                LOG.warn("Workers failed, Ray Train starts them again while it may: {}", event.path("workers"));
            }
            case "report" -> report(event);
            case "failed" ->
                throw new ArclightException(
                        ErrorCode.valueOf(event.path("code").asText()),
                        event.path("error").asText());
            default -> LOG.debug("Not known: {}", event);
        }
    }

    private void report(JsonNode event) {
        Map<String, Double> metrics = new HashMap<>();
        event.path("metrics")
                .properties()
                .forEach(
                        metric -> metrics.put(metric.getKey(), metric.getValue().asDouble()));
        Double epoch = metrics.get("epoch");
        int step = epoch != null && epoch >= 0 && epoch == Math.rint(epoch) ? epoch.intValue() : history.size();
        Report report = new Report(step, metrics, event.path("checkpoint").asBoolean());
        history.add(report);
        task.moveTo(step + 1L);
        Double loss = metrics.get("loss");
        if (loss != null) {
            task.note("loss %.5g".formatted(loss));
        }
        listener.reported(report);
    }

    private static void requireInTime(Instant end, String what) {
        requireUninterrupted();
        if (Instant.now().isAfter(end)) {
            throw new ArclightException(ErrorCode.TIMEOUT, "%s within %d s".formatted(what, START.toSeconds()));
        }
    }

    private static void requireUninterrupted() {
        if (Thread.currentThread().isInterrupted()) {
            throw new ArclightException(ErrorCode.CANCELLED, "Interrupted while Ray Train trained");
        }
    }
}
