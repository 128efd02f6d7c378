package dev.arclight.track;

import java.util.Map;
import java.util.Optional;

/** Experiments of a store. Safe for use by many threads; errors as in {@link Tracking}. */
public interface Experiments {
    /**
     * Makes an experiment.
     *
     * @param artifactLocation URI for its artifacts; empty for the store's own place
     * @return its id
     */
    String create(String name, Optional<String> artifactLocation, Map<String, String> tags);

    /** The active experiment called {@code name}, made if there is none. */
    Experiment findOrCreate(String name);

    /** The experiment with this id, deleted or not. */
    Experiment load(String id);

    /** The experiment called {@code name}, deleted or not. */
    Optional<Experiment> find(String name);

    void rename(String id, String name);

    /** Deletes an experiment with its runs; {@link #restore} undoes it. */
    void delete(String id);

    /** Brings a deleted experiment back with the runs deleted with it. */
    void restore(String id);

    void setTag(String id, String key, String value);

    void deleteTag(String id, String key);

    Page<Experiment> search(ExperimentSearch search);
}
