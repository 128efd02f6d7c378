package dev.arclight.track;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs of a store. Safe for use by many threads; errors as in {@link Tracking}. */
public interface Runs {
    /** Makes a run that is RUNNING. */
    Run create(RunStart start);

    /** The run with this id, deleted or not. */
    Run load(String runId);

    /** Changes status, end time or name. */
    Run update(String runId, RunUpdate update);

    /** Deletes a run, if it is not deleted yet; {@link #restore} undoes it. */
    void delete(String runId);

    /** Brings a deleted run back. */
    void restore(String runId);

    /**
     * Logs a batch, all or nothing; on disk when this returns. The same metric point twice is kept once.
     *
     * @throws dev.arclight.base.ArclightException BAD_INPUT if a param has another value already
     */
    void log(String runId, RunBatch batch);

    void deleteTag(String runId, String key);

    /** Adds what the run read. */
    void inputs(String runId, List<Dataset> datasets, List<String> modelIds);

    /** Adds logged models that the run produced. */
    void outputs(String runId, List<ModelOutput> models);

    /** All values of metric {@code key}, by step, then time; empty if there are none. */
    List<Metric> history(String runId, String key);

    /**
     * Values of metric {@code key} of many runs, each thinned evenly over its steps to at most {@code maxPoints} with
     * the first and the last kept, for drawing curves. Runs without it are left out.
     */
    Map<String, List<Metric>> curves(List<String> runIds, String key, int maxPoints);

    Page<Run> search(RunSearch search);

    /** How many runs {@code search} finds on all its pages together. */
    default long count(RunSearch search) {
        return Page.all(token -> search(search.withOrderBy().withPageToken(token)))
                .size();
    }

    /**
     * The runs that {@code search} finds, grouped; the largest groups first, at most 500.
     *
     * @param by a field as in a search's order: {@code params.depth}, {@code tags.model}, {@code status}
     * @param metric taken together in each group; one that no run has gives empty figures
     */
    default List<RunGroup> groups(RunSearch search, String by, String metric) {
        return RunGroups.of(Page.all(token -> search(search.withOrderBy().withPageToken(token))), by, metric);
    }

    /** The only run that {@code search} finds first, if any. */
    default Optional<Run> first(RunSearch search) {
        return search(search.withMaxResults(1)).items().stream().findFirst();
    }
}
