package dev.arclight.track;

import java.util.Map;

/** Logged models of a store. Safe for use by many threads; errors as in {@link Tracking}. */
public interface LoggedModels {
    /** Makes a PENDING model; its files are then written below {@link LoggedModel#artifactUri()}. */
    LoggedModel create(LoggedModelStart start);

    LoggedModel load(String modelId);

    /** Says that the files are there, or that they never will be. */
    LoggedModel finish(String modelId, LoggedModelStatus status);

    /** Adds params; one that is there keeps its value. */
    void params(String modelId, Map<String, String> params);

    void tags(String modelId, Map<String, String> tags);

    void deleteTag(String modelId, String key);

    void delete(String modelId);

    Page<LoggedModel> search(LoggedModelSearch search);
}
