package dev.arclight.track;

/**
 * A file or folder among artifacts.
 *
 * @param path from the root it was listed under, {@code /} between parts
 * @param sizeBytes 0 for a folder
 */
public record ArtifactEntry(String path, boolean isDirectory, long sizeBytes) {}
