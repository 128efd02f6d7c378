package dev.arclight.tune;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How one trial ended where it ran.
 *
 * @param reports in order
 * @param notes by name
 * @param kept what the objective handed over, or null
 * @param failure what the objective threw, or null
 */
public record TrialEnd(
        Outcome outcome,
        List<FinishedTrial.Report> reports,
        Map<String, Double> notes,
        @Nullable Object kept,
        @Nullable Throwable failure)
        implements Serializable {
    public TrialEnd {
        reports = new ArrayList<>(reports);
        notes = new LinkedHashMap<>(notes);
    }

    static TrialEnd of(Trial trial, Outcome outcome, @Nullable Throwable failure) {
        return new TrialEnd(outcome, trial.reports(), trial.notes(), trial.kept(), failure);
    }

    /** A trial of which nothing is known but why it failed. */
    public static TrialEnd failed(Throwable failure) {
        return new TrialEnd(new Outcome.Failed(reason(failure)), List.of(), Map.of(), null, failure);
    }

    /** The same without what may not be able to travel: the failure's text stays. */
    public TrialEnd withText() {
        Throwable why = failure;
        return why == null ? this : new TrialEnd(outcome, reports, notes, kept, new IllegalStateException(reason(why)));
    }

    static String reason(Throwable e) {
        String message = e.getMessage();
        return e.getClass().getSimpleName() + (message == null ? "" : ": " + message);
    }
}
