package dev.arclight.tables;

import java.util.Optional;
import java.util.function.Consumer;

/**
 * How {@link Table#readLeniently} goes about its files.
 *
 * @param rejectsFolder folder on a Hadoop filesystem in which tasks put rejected rows as JSON lines; empty: rejects are
 *     only counted and sampled. The folder is the caller's, who moves {@link LenientRead#rejectFiles} out of it and
 *     deletes the rest
 * @param samples rejects kept as examples for each reason and file part, 0 to 100
 * @param keepGoing whether a file that cannot be used is left out and reported, instead of failing the read
 * @param onProgress told on the driver each time a part of a file has been read
 */
public record LenientOptions(
        Optional<String> rejectsFolder, int samples, boolean keepGoing, Consumer<Progress> onProgress) {
    /**
     * How far the read has come.
     *
     * @param rows read so far, kept or not
     * @param bytes of files read so far
     */
    public record Progress(long rows, long bytes) {}

    public LenientOptions {
        if (samples < 0 || samples > 100) {
            throw new IllegalArgumentException("samples=" + samples + ", expected 0 to 100");
        }
    }

    /** Rejects counted and sampled (5 of each reason), the first unusable file fails the read, nobody told. */
    public static LenientOptions defaults() {
        return new LenientOptions(Optional.empty(), 5, false, progress -> {});
    }

    /** These options with rejected rows written into {@code folder}. */
    public LenientOptions withRejectsFolder(String folder) {
        return new LenientOptions(Optional.of(folder), samples, keepGoing, onProgress);
    }

    /** These options with unusable files left out and reported. */
    public LenientOptions keepingGoing() {
        return new LenientOptions(rejectsFolder, samples, true, onProgress);
    }

    /** These options with somebody told how far the read has come. */
    public LenientOptions withProgress(Consumer<Progress> listener) {
        return new LenientOptions(rejectsFolder, samples, keepGoing, listener);
    }
}
