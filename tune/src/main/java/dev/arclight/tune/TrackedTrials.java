package dev.arclight.tune;

import dev.arclight.track.ActiveRun;
import dev.arclight.track.Limits;
import dev.arclight.track.Metric;
import dev.arclight.track.RunBatch;
import dev.arclight.track.RunStart;
import dev.arclight.track.RunStatus;
import dev.arclight.track.RunUpdate;
import dev.arclight.track.Tracking;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes each trial a run nested in its study's: parameters, and the objective's reports as the history of the study's
 * metric, followed by the value returned. Metrics are written when the trial ends, in as few batches as the store's
 * limits allow.
 */
final class TrackedTrials implements TrialListener {
    static final String NUMBER_TAG = "arclight.trial";
    static final String OUTCOME_TAG = "arclight.outcome";
    static final String COMPLETED = "completed";
    static final String PRUNED = "pruned";
    static final String FAILED = "failed: ";
    static final String SECONDS = "seconds";

    private final Tracking tracking;
    private final ActiveRun study;
    private final String metric;
    private final Map<Integer, String> runs = new ConcurrentHashMap<>();

    TrackedTrials(Tracking tracking, ActiveRun study, String metric) {
        this.tracking = tracking;
        this.study = study;
        this.metric = metric;
    }

    @Override
    public void started(int number, Map<String, Object> parameters) {
        RunStart start = study.child("trial-%03d".formatted(number)).tag(NUMBER_TAG, String.valueOf(number));
        String id = tracking.runs().create(start).id();
        runs.put(number, id);
        try {
            tracking.runs().log(id, RunBatch.params(texts(parameters)));
        } catch (RuntimeException e) { // the study ends: its run must not seem to go on
            try {
                stopped(number);
            } catch (RuntimeException unmarked) {
                e.addSuppressed(unmarked);
            }
            throw e;
        }
    }

    @Override
    public void stopped(int number) {
        String id = runs.remove(number);
        if (id != null) {
            tracking.runs().update(id, RunUpdate.status(RunStatus.KILLED));
        }
    }

    @Override
    public void finished(FinishedTrial trial) {
        String id = runs.remove(trial.number());
        if (id == null) {
            throw new IllegalStateException("Trial %d ended, but never started".formatted(trial.number()));
        }
        Map<String, String> tags = trial.outcome()
                .fold(
                        completed -> Map.of(OUTCOME_TAG, COMPLETED),
                        pruned -> Map.of(OUTCOME_TAG, PRUNED),
                        failed -> Map.of(OUTCOME_TAG, FAILED + shortened(failed.reason())));
        List<Metric> metrics = metrics(trial);
        int first = Math.min(metrics.size(), Limits.METRICS_PER_BATCH);
        tracking.runs().log(id, new RunBatch(metrics.subList(0, first), Map.of(), tags));
        for (int from = first; from < metrics.size(); from += Limits.METRICS_PER_BATCH) {
            int to = Math.min(metrics.size(), from + Limits.METRICS_PER_BATCH);
            tracking.runs().log(id, RunBatch.metrics(metrics.subList(from, to)));
        }
        boolean failed = trial.outcome() instanceof Outcome.Failed;
        tracking.runs().update(id, RunUpdate.status(failed ? RunStatus.FAILED : RunStatus.FINISHED));
    }

    /** Text forms that read back as the same values. */
    static Map<String, String> texts(Map<String, Object> parameters) {
        Map<String, String> texts = new LinkedHashMap<>();
        parameters.forEach((name, value) -> texts.put(name, text(value)));
        return texts;
    }

    private static String shortened(String reason) {
        return reason.length() <= 1000 ? reason : reason.substring(0, 999) + "…";
    }

    private static String text(Object value) {
        boolean whole = value instanceof Double real && real == Math.rint(real) && Math.abs(real) < 1e15;
        return whole ? String.valueOf(((Double) value).longValue()) : value.toString();
    }

    private List<Metric> metrics(FinishedTrial trial) {
        long start = trial.started().toEpochMilli();
        long end = start + Math.round(trial.seconds() * 1000);
        List<Metric> metrics = new ArrayList<>();
        for (FinishedTrial.Report report : trial.reports()) {
            metrics.add(Metric.of(metric, report.value(), start + Math.round(report.seconds() * 1000), report.step()));
        }
        // The last point of a history is what a run's metric shows as its value: the value returned.
        int steps = trial.reports().size();
        int last = steps == 0 ? 0 : trial.reports().get(steps - 1).step() + 1;
        trial.value().ifPresent(value -> metrics.add(Metric.of(metric, value, end, last)));
        trial.notes().forEach((name, value) -> metrics.add(Metric.of(name, value, end, 0)));
        metrics.add(Metric.of(SECONDS, trial.seconds(), end, 0));
        return metrics;
    }
}
