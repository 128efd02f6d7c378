package dev.arclight.tune;

import dev.arclight.tune.FinishedTrial.Report;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One set of parameters being tried. Used by the thread that runs the objective. */
public final class Trial {
    /** Decides after each report whether to go on. */
    @FunctionalInterface
    interface Verdict {
        boolean prune(List<Report> reports);
    }

    private final int number;
    private final Map<String, Object> parameters;
    private final Verdict verdict;
    private final List<Report> reports = new ArrayList<>();
    private final Map<String, Double> notes = new LinkedHashMap<>();
    private final long startNanos = System.nanoTime();
    private @Nullable Object kept;

    Trial(int number, Map<String, Object> parameters, Verdict verdict) {
        this.number = number;
        this.parameters = Collections.unmodifiableMap(parameters);
        this.verdict = verdict;
    }

    /** 0 for the first of its study. */
    public int number() {
        return number;
    }

    /** What to try, in the order of the space. */
    public Map<String, Object> parameters() {
        return parameters;
    }

    /** Whether a conditional parameter is there. */
    public boolean has(String name) {
        return parameters.containsKey(name);
    }

    /**
     * The value of a numeric parameter.
     *
     * @throws IllegalArgumentException if the space has no such parameter in this trial, or it is no number
     */
    public double real(String name) {
        if (value(name) instanceof Number number) {
            return number.doubleValue();
        }
        throw new IllegalArgumentException("Parameter '%s' is %s, not a number".formatted(name, value(name)));
    }

    /**
     * The value of a whole-numbered parameter, such as one of {@code quniform} with step 1.
     *
     * @throws IllegalArgumentException if there is no such parameter in this trial, or its value is no whole number in
     *     the range of int
     */
    public int integer(String name) {
        double real = real(name);
        if (real != (int) real) {
            throw new IllegalArgumentException("Parameter '%s' is %s, not a whole number".formatted(name, real));
        }
        return (int) real;
    }

    /** The option chosen, as text. */
    public String choice(String name) {
        return value(name).toString();
    }

    /**
     * Tells how far the trial has come. Cheap: nothing is written anywhere before the trial ends.
     *
     * @param step a round or epoch, above that of the last report
     * @param value the metric of the study at this step
     * @throws TrialPruned if the study's pruner gives the trial up: let it pass
     */
    public void report(int step, double value) {
        if (step < 0
                || (!reports.isEmpty()
                        && step <= reports.get(reports.size() - 1).step())) {
            throw new IllegalArgumentException("Steps must rise from 0, but %d came after %s"
                    .formatted(step, reports.isEmpty() ? "nothing" : reports.get(reports.size() - 1)));
        }
        reports.add(new Report(step, value, (System.nanoTime() - startNanos) / 1e9));
        if (verdict.prune(Collections.unmodifiableList(reports))) {
            throw new TrialPruned(number, step);
        }
    }

    /** Records a further figure, such as the number of trees. A later one of the same name replaces it. */
    public void note(String name, double value) {
        notes.put(name, value);
    }

    /**
     * Hands over what this trial made, such as its model. The study holds on to that of the best trial only; see
     * {@link StudyResult#kept(Class)}.
     */
    public void keep(Object made) {
        kept = made;
    }

    List<Report> reports() {
        return reports;
    }

    Map<String, Double> notes() {
        return notes;
    }

    @Nullable Object kept() {
        return kept;
    }

    private Object value(String name) {
        Object value = parameters.get(name);
        if (value == null) {
            throw new IllegalArgumentException(
                    "No parameter '%s' in trial %d, which has %s".formatted(name, number, parameters.keySet()));
        }
        return value;
    }
}
