package dev.arclight.tables.files;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the file commands have in common: a picocli mixin. */
final class FsOptions {
    @Option(
            names = "--conf",
            paramLabel = "KEY=VALUE",
            description = "One of Hadoop's settings, such as fs.azureml.auth=azure-cli; may be repeated.")
    private Map<String, String> conf = Map.of();

    private @Nullable Configuration configuration;

    private Configuration configuration() {
        if (configuration == null) {
            configuration = asked();
        }
        return configuration;
    }

    private Configuration asked() {
        Configuration asked = new Configuration();
        conf.forEach((key, value) ->
                asked.set(key.startsWith("spark.hadoop.") ? key.substring("spark.hadoop.".length()) : key, value));
        return asked;
    }

    /**
     * The filesystem of a path; Hadoop's cache owns it.
     *
     * @throws ArclightException BAD_INPUT if there is none for its scheme
     */
    FileSystem files(Path path) throws IOException {
        try {
            FileSystem files = path.getFileSystem(configuration());
            files.setWriteChecksum(false); // no .crc files beside local ones
            return files;
        } catch (UnsupportedFileSystemException e) {
            throw new ArclightException(
                    ErrorCode.BAD_INPUT,
                    "There is no filesystem for '%s': 'arclight install' lists what can be added".formatted(path),
                    e);
        }
    }

    /** A path as it was typed. */
    static Path path(String text) {
        try {
            return new Path(text);
        } catch (IllegalArgumentException e) {
            throw new ArclightException(ErrorCode.BAD_INPUT, "No path: '%s': %s".formatted(text, e.getMessage()), e);
        }
    }

    /**
     * The files and folders that {@code text} names, a pattern or a path.
     *
     * @throws ArclightException NOT_FOUND if there are none
     */
    List<FileStatus> named(String text) throws IOException {
        Path path = path(text);
        FileSystem files = files(path);
        try {
            return List.of(files.getFileStatus(path)); // a name may hold what looks like a pattern
        } catch (FileNotFoundException e) {
            FileStatus[] matches = text.matches(".*[*?\\[{].*") ? files.globStatus(path) : null;
            if (matches == null || matches.length == 0) {
                throw new ArclightException(ErrorCode.NOT_FOUND, "There is no file or folder " + text, e);
            }
            return new ArrayList<>(List.of(matches));
        }
    }

    /** A number of bytes, for a person. */
    static String size(long bytes) {
        String[] units = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < units.length - 1) {
            value /= 1024;
            unit++;
        }
        return unit == 0 ? bytes + " B" : "%.1f %s".formatted(value, units[unit]);
    }
}
