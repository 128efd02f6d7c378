package dev.arclight.examples.wine;

import dev.arclight.base.ArclightException;
import dev.arclight.base.AtomicFiles;
import dev.arclight.base.ErrorCode;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.UUID;

/**
 * Where the demo writes. What it makes is staged in a hidden folder and moved into place at the end, so that a run that
 * fails or is stopped leaves the output of the one before. The tracking store is not staged: runs that were stopped are
 * to be found there.
 */
final class OutputFolder implements AutoCloseable {
    private final Path folder;
    private final Path staging;

    private OutputFolder(Path folder, Path staging) {
        this.folder = folder;
        this.staging = staging;
    }

    /**
     * Makes the folder if needed, and a staging folder in it.
     *
     * @throws ArclightException BAD_INPUT if it cannot be written to
     */
    static OutputFolder open(Path folder) {
        Path staging = folder.resolve(".staging-" + UUID.randomUUID());
        try {
            Files.createDirectories(folder);
            Files.createDirectory(staging);
        } catch (FileAlreadyExistsException e) {
            throw new ArclightException(
                    ErrorCode.BAD_INPUT,
                    "The output folder %s is a file: name another one by --out".formatted(folder),
                    e);
        } catch (IOException e) {
            throw new ArclightException(
                    ErrorCode.BAD_INPUT,
                    "Cannot write to the output folder %s (%s): check its owner and mode, or name another one by --out"
                            .formatted(folder, e.getClass().getSimpleName()),
                    e);
        }
        return new OutputFolder(folder, staging);
    }

    Path folder() {
        return folder;
    }

    /** Where {@code name} is to be written before {@link #publish}. */
    Path staged(String name) {
        return staging.resolve(name);
    }

    /** Moves what is staged into place, each piece by one rename. */
    void publish(List<String> names) throws IOException {
        for (String name : names) {
            Path target = folder.resolve(name);
            Path source = staging.resolve(name);
            if (Files.isDirectory(source)) {
                if (Files.exists(target)) {
                    Files.move(target, staging.resolve("old-" + name), StandardCopyOption.ATOMIC_MOVE);
                }
                Files.move(source, target, StandardCopyOption.ATOMIC_MOVE);
            } else {
                Files.move(source, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    /** Removes the staging folder with what was not published. */
    @Override
    public void close() throws IOException {
        AtomicFiles.deleteTree(staging);
    }
}
