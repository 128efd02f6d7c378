package dev.arclight.track;

/**
 * A logged model that a run produced.
 *
 * @param modelId {@code m-…}
 * @param step at which it was logged
 */
public record ModelOutput(String modelId, long step) {}
