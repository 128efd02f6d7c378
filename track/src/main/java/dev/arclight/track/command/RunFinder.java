package dev.arclight.track.command;

import static dev.arclight.base.ArclightException.badInput;
import static dev.arclight.base.ArclightException.notFound;

import dev.arclight.track.Experiment;
import dev.arclight.track.ExperimentSearch;
import dev.arclight.track.Page;
import dev.arclight.track.Run;
import dev.arclight.track.RunSearch;
import dev.arclight.track.Tracking;
import java.util.List;

/** Finds runs by what a person types. */
final class RunFinder {
    private static final int SHORTEST = 4;

    private RunFinder() {}

    /** The run whose id begins with {@code prefix}. */
    static Run find(Tracking tracking, String prefix) {
        if (!prefix.matches("[0-9a-zA-Z_\\-]{" + SHORTEST + ",}")) {
            throw badInput("'%s' is no run id: expected at least its first %d characters".formatted(prefix, SHORTEST));
        }
        List<Run> found = tracking.runs(RunSearch.in(experimentIds(tracking))
                        .withFilter("attributes.run_id LIKE '%s%%'".formatted(prefix))
                        .withMaxResults(2))
                .items();
        if (found.isEmpty()) {
            throw notFound("There is no run %s in %s; see: arclight runs list".formatted(prefix, tracking.uri()));
        }
        if (found.size() > 1) {
            throw badInput("More than one run id begins with %s: type more of it".formatted(prefix));
        }
        return found.get(0);
    }

    static String[] experimentIds(Tracking tracking) {
        return Page.all(token ->
                        tracking.experiments().search(ExperimentSearch.active().withPageToken(token)))
                .stream()
                .map(Experiment::id)
                .toArray(String[]::new);
    }
}
