package dev.arclight.raytrain;

import java.util.List;
import java.util.Map;

/**
 * What came of a training. Immutable by agreement: nobody writes to its array.
 *
 * @param archive a zip file of the last or best checkpoint
 * @param features columns in the order in which the workers were given them
 * @param versions of Python's libraries that were loaded, such as {@code torch}
 * @param history all reports in order
 * @param restarts how often workers were started again because one was lost
 */
@SuppressWarnings("ArrayRecordComponent") // not copied: too large
record Trained(
        byte[] archive, List<String> features, Map<String, String> versions, List<Report> history, int restarts) {
    Trained {
        features = List.copyOf(features);
        versions = Map.copyOf(versions);
        history = List.copyOf(history);
    }
}
