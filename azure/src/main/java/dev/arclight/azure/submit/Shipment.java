package dev.arclight.azure.submit;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.progress.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.hadoop.fs.FileSystem;

/** Files and texts on their way into one folder of a datastore, several at a time, with bytes shown as they go. */
public final class Shipment {
    private static final int AT_A_TIME = 4;
    private static final int CHUNK = 1 << 20;
    private static final long END_SECONDS = 30;

    private final Map<String, Path> files = new TreeMap<>();
    private final Map<String, String> texts = new TreeMap<>();

    Shipment files(Map<String, Path> more) {
        files.putAll(more);
        return this;
    }

    /** Adds a file of this text. */
    public Shipment text(String name, String text) {
        texts.put(name, text);
        return this;
    }

    /**
     * Writes all of it below {@code folder}.
     *
     * @param what a few words for the progress
     * @throws ArclightException UNAVAILABLE, FORBIDDEN: some files may be there
     */
    public void send(Account account, String folder, String what, Progress progress) throws InterruptedException {
        send(() -> account.files(folder), folder, what, progress);
    }

    /**
     * The same.
     *
     * @param opened gives the filesystem of {@code folder}, which is closed here
     */
    void send(Supplier<FileSystem> opened, String folder, String what, Progress progress) throws InterruptedException {
        long bytes = 0;
        for (Path file : files.values()) {
            bytes += file.toFile().length();
        }
        progress.message(
                "%s: %d files, %.1f MB, to %s".formatted(what, files.size() + texts.size(), bytes / 1e6, folder));
        try (FileSystem target = opened.get();
                Progress.Task task = progress.start(what, bytes, "bytes")) {
            try {
                copyAll(target, folder, task);
                for (Map.Entry<String, String> text : texts.entrySet()) {
                    try (OutputStream out = target.create(at(folder, text.getKey()), true)) {
                        out.write(text.getValue().getBytes(StandardCharsets.UTF_8));
                    }
                }
            } catch (IOException | RuntimeException | InterruptedException e) {
                task.fail("not all of it arrived");
                throw e;
            }
        } catch (IOException e) {
            throw failed(folder, e);
        }
    }

    /** When it returns or fails, nothing is written any more: who takes back what was sent must come last. */
    private void copyAll(FileSystem target, String folder, Progress.Task task) throws InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(AT_A_TIME);
        try {
            List<Future<?>> under = new ArrayList<>();
            files.forEach((name, file) -> under.add(threads.submit(() -> {
                copy(file, target, at(folder, name), task);
                return null;
            })));
            for (Future<?> one : under) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw failed(folder, e.getCause() == null ? e : e.getCause());
        } finally {
            threads.shutdownNow();
            threads.awaitTermination(END_SECONDS, TimeUnit.SECONDS);
        }
    }

    private static ArclightException failed(String folder, Throwable e) {
        return e instanceof ArclightException known
                ? known
                : new ArclightException(
                        ErrorCode.UNAVAILABLE, "Cannot write to %s: %s".formatted(folder, e.getMessage()), e);
    }

    private static org.apache.hadoop.fs.Path at(String folder, String name) {
        return new org.apache.hadoop.fs.Path(folder + "/" + name);
    }

    private static void copy(Path file, FileSystem target, org.apache.hadoop.fs.Path to, Progress.Task task)
            throws IOException {
        byte[] chunk = new byte[CHUNK];
        try (InputStream in = Files.newInputStream(file);
                OutputStream out = target.create(to, true)) {
            for (int read; (read = in.read(chunk)) >= 0; ) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new IOException("Stopped before the end of " + file);
                }
                out.write(chunk, 0, read);
                task.advance(read);
            }
        }
    }
}
