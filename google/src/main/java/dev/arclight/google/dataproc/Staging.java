package dev.arclight.google.dataproc;

import static dev.arclight.base.ArclightException.badInput;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.progress.Progress;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The folder of one job in a bucket: what is shipped to it, by Hadoop's filesystem for the bucket. */
final class Staging {
    private final Path folder;
    private final Configuration configuration;

    /** @param folder the job's own, such as {@code gs://bucket/arclight/job-20260101-120000-ab12} */
    Staging(String folder, Configuration configuration) {
        this.folder = new Path(folder);
        this.configuration = configuration;
    }

    /**
     * Ships jars.
     *
     * @return their URIs, in the same order
     */
    List<String> ship(List<java.nio.file.Path> jars, Progress progress) {
        TreeSet<String> names = new TreeSet<>();
        long bytes = 0;
        for (java.nio.file.Path jar : jars) {
            bytes += jar.toFile().length();
            if (!names.add(jar.getFileName().toString())) {
                throw badInput("Two of the application's jars are called %s".formatted(jar.getFileName()));
            }
        }
        List<String> shipped = new ArrayList<>();
        try (Progress.Task task =
                progress.start("Shipping %d jar(s) to %s".formatted(jars.size(), folder), bytes, "bytes")) {
            for (java.nio.file.Path jar : jars) {
                shipped.add(put(jar.getFileName().toString(), out -> {
                    Files.copy(jar, out);
                    task.advance(Files.size(jar));
                }));
            }
        }
        return shipped;
    }

    interface Writer {
        void writeTo(OutputStream out) throws IOException;
    }

    /** Ships one file; its URI. */
    String put(String name, Writer writer) {
        Path target = new Path(folder, name);
        try (OutputStream out = files().create(target, true)) {
            writer.writeTo(out);
        } catch (IOException e) {
            throw failure("write " + target, e);
        }
        return target.toString();
    }

    /** Deletes all that was shipped; nothing happens if there is nothing. */
    void delete() {
        try {
            files().delete(folder, true);
        } catch (IOException e) {
            throw failure("delete " + folder, e);
        }
    }

    private FileSystem files() throws IOException {
        return folder.getFileSystem(configuration);
    }

    private static ArclightException failure(String what, IOException e) {
        boolean forbidden = String.valueOf(e).contains("403")
                || String.valueOf(e.getCause()).contains("403");
        return new ArclightException(
                forbidden ? ErrorCode.FORBIDDEN : ErrorCode.UNAVAILABLE,
                "Cannot %s: %s%s"
                        .formatted(
                                what,
                                e.getMessage(),
                                forbidden
                                        ? "; it takes the role Storage Object User (roles/storage.objectUser) on the bucket"
                                        : ""),
                e);
    }
}
