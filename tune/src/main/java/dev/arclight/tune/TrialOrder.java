package dev.arclight.tune;

import dev.arclight.tune.Outcome.Completed;
import dev.arclight.tune.Outcome.Failed;
import dev.arclight.tune.Outcome.Pruned;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All that a process needs to know in order to run one trial: the pruner's verdicts, too, depend on nothing else, so
 * that nobody is asked on the way. Made by the study.
 */
public final class TrialOrder implements Serializable {
    private static final long serialVersionUID = 1L;

    private final int number;
    private final LinkedHashMap<String, Object> parameters;
    private final ArrayList<FinishedTrial> known;
    private final Pruner pruner;
    private final Direction direction;

    /** @param known earlier trials that the pruner judges by */
    TrialOrder(
            int number, Map<String, Object> parameters, List<FinishedTrial> known, Pruner pruner, Direction direction) {
        this.number = number;
        this.parameters = new LinkedHashMap<>(parameters);
        this.known = new ArrayList<>(pruner instanceof NoPruner ? List.of() : known);
        this.pruner = pruner;
        this.direction = direction;
    }

    /** 0 for the first trial of its study. */
    public int number() {
        return number;
    }

    /** What to try, in the order of the space. */
    public Map<String, Object> parameters() {
        return Collections.unmodifiableMap(parameters);
    }

    /** Runs the objective on the calling thread. */
    public TrialEnd perform(Objective objective) {
        Trial trial = new Trial(number, parameters, reports -> pruner.gives(reports, known, direction));
        try {
            double value = objective.run(trial);
            return TrialEnd.of(
                    trial,
                    Double.isFinite(value)
                            ? new Completed(value)
                            : new Failed("The objective returned %s, not a finite number".formatted(value)),
                    null);
        } catch (TrialPruned e) {
            FinishedTrial.Report last = trial.reports().get(trial.reports().size() - 1);
            return TrialEnd.of(trial, new Pruned(last.step(), last.value()), null);
        } catch (Exception e) {
            return TrialEnd.of(trial, new Failed(TrialEnd.reason(e)), e);
        }
    }
}
