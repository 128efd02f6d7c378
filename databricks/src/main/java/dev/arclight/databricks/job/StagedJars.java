package dev.arclight.databricks.job;

import static dev.arclight.base.ArclightException.badInput;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.progress.Progress;
import dev.arclight.base.rest.RestClient;
import dev.arclight.databricks.files.WorkspaceFiles;
import dev.arclight.databricks.files.WorkspaceFiles.Entry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** The folder of one job in a workspace. */
final class StagedJars {
    private final WorkspaceFiles files;
    private final String folder;
    private final String prefix;

    /** @param folder such as {@code /Volumes/main/default/jobs/ID} or {@code dbfs:/jobs/ID} */
    StagedJars(RestClient workspace, String folder) {
        this.prefix = folder.startsWith("dbfs:") ? "dbfs:" : "";
        this.folder = folder.substring(prefix.length());
        this.files = WorkspaceFiles.of(this.folder, workspace);
    }

    /**
     * Ships jars.
     *
     * @return as a task names them, in the same order
     */
    List<String> ship(List<Path> jars, Progress progress) {
        TreeSet<String> names = new TreeSet<>();
        long bytes = 0;
        for (Path jar : jars) {
            bytes += jar.toFile().length();
            if (!names.add(jar.getFileName().toString())) {
                throw badInput("Two of the application's jars are called %s".formatted(jar.getFileName()));
            }
        }
        List<String> shipped = new ArrayList<>();
        try (Progress.Task task =
                progress.start("Shipping %d jar(s) to %s%s".formatted(jars.size(), prefix, folder), bytes, "bytes")) {
            for (Path jar : jars) {
                String target = folder + "/" + jar.getFileName();
                files.put(target, jar);
                shipped.add(prefix + target);
                task.advance(jar.toFile().length());
            }
        } catch (IOException e) {
            throw new ArclightException(
                    ErrorCode.UNAVAILABLE, "Cannot ship the application's jars: " + e.getMessage(), e);
        }
        return shipped;
    }

    /** Deletes what was shipped; nothing happens if there is nothing. */
    void delete() {
        Optional<Entry> found = files.find(folder);
        if (found.isPresent()) {
            files.list(folder).forEach(files::delete);
            files.delete(found.get());
        }
    }
}
