package dev.arclight.tune;

import dev.arclight.base.ArclightException;
import dev.arclight.track.Metric;
import dev.arclight.track.Page;
import dev.arclight.track.Run;
import dev.arclight.track.RunSearch;
import dev.arclight.track.Tracking;
import dev.arclight.tune.FinishedTrial.Report;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads back from tracking what {@link TrackedTrials} wrote. */
final class TrialArchive {
    private TrialArchive() {}

    /** The trials below run {@code parent} that ended, by number; those that were killed or still run are left out. */
    static List<FinishedTrial> load(Tracking tracking, Run parent, SearchSpace space, String metric) {
        Map<Integer, FinishedTrial> trials = new TreeMap<>();
        RunSearch search = RunSearch.childrenOf(parent);
        for (Run run : Page.all(token -> tracking.runs(search.withPageToken(token)))) {
            String outcome = run.tags().get(TrackedTrials.OUTCOME_TAG);
            String number = run.tags().get(TrackedTrials.NUMBER_TAG);
            if (outcome != null && number != null && run.status().isTerminal()) {
                FinishedTrial trial = trial(tracking, run, Integer.parseInt(number), outcome, space, metric);
                trials.put(trial.number(), trial);
            }
        }
        return List.copyOf(trials.values());
    }

    private static FinishedTrial trial(
            Tracking tracking, Run run, int number, String outcome, SearchSpace space, String metric) {
        List<Metric> history = tracking.runs().history(run.id(), metric);
        boolean completed = outcome.equals(TrackedTrials.COMPLETED);
        if (completed && history.isEmpty()) {
            throw ArclightException.badInput(
                    "Cannot resume: run %s of trial %d completed without a value of '%s'; was the study's metric called otherwise?"
                            .formatted(run.id(), number, metric));
        }
        int reported = completed ? history.size() - 1 : history.size();
        List<Report> reports = new ArrayList<>();
        for (Metric point : history.subList(0, reported)) {
            reports.add(new Report(
                    (int) point.step(), point.value(), (point.timestampMillis() - run.startMillis()) / 1000.0));
        }
        Map<String, Double> notes = new LinkedHashMap<>();
        run.metrics().forEach((key, value) -> {
            if (!key.equals(metric) && !key.equals(TrackedTrials.SECONDS)) {
                notes.put(key, value.value());
            }
        });
        Outcome ended;
        if (completed) {
            ended = new Outcome.Completed(history.get(reported).value());
        } else if (outcome.equals(TrackedTrials.PRUNED) && !reports.isEmpty()) {
            Report last = reports.get(reports.size() - 1);
            ended = new Outcome.Pruned(last.step(), last.value());
        } else {
            ended = new Outcome.Failed(
                    outcome.startsWith(TrackedTrials.FAILED)
                            ? outcome.substring(TrackedTrials.FAILED.length())
                            : outcome);
        }
        return new FinishedTrial(
                number,
                parameters(run, number, space),
                ended,
                reports,
                notes,
                Instant.ofEpochMilli(run.startMillis()),
                run.metric(TrackedTrials.SECONDS).orElse(0.0));
    }

    private static Map<String, Object> parameters(Run run, int number, SearchSpace space) {
        Map<String, Object> values = new LinkedHashMap<>();
        space.distributions().forEach((name, distribution) -> {
            String text = run.params().get(name);
            if (text != null) {
                values.put(name, value(text, name, number, distribution));
            }
        });
        return values;
    }

    private static Object value(String text, String name, int number, Distribution distribution) {
        try {
            if (distribution instanceof Distribution.Choice choice) {
                return choice.options().stream()
                        .filter(option -> option.toString().equals(text))
                        .findFirst()
                        .orElseThrow(() -> new NumberFormatException("not one of " + choice.options()));
            }
            if (distribution instanceof Distribution.IntegerRange) {
                return Long.valueOf(text);
            }
            return Double.valueOf(text);
        } catch (NumberFormatException e) {
            throw new ArclightException(
                    dev.arclight.base.ErrorCode.BAD_INPUT,
                    "Cannot resume: trial %d tried %s = '%s', which this space does not have"
                            .formatted(number, name, text),
                    e);
        }
    }
}
