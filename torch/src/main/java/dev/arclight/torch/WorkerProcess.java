package dev.arclight.torch;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running worker and what it says. Closing it ends it. */
final class WorkerProcess implements AutoCloseable {
    private static final String MAIN = "dev.arclight.torch.worker.Worker";
    private static final String ERRORS = "stderr.log";
    private static final String CRASH = "crash.log";
    private static final String HEAP = "-Xmx512m"; // rows are mapped, tensors native
    private static final long LOOK_MILLIS = 200;
    private static final long ENDING_SECONDS = 10;
    private static final String EVENT = "{\"type\":"; // Gloo, too, prints to standard output
    private static final Logger LOG = LoggerFactory.getLogger(WorkerProcess.class);

    private final Process process;
    private final Path folder;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final Thread reader;

    private WorkerProcess(Process process, Path folder) {
        this.process = process;
        this.folder = folder;
        this.reader = new Thread(this::read, "arclight-torch-worker-output");
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts a worker on the folder, which holds what {@link WorkerJob} says but its job file. */
    static WorkerProcess start(Path folder, WorkerJob job, String classPath) throws IOException {
        Files.write(folder.resolve(WorkerJob.FILE), TrainingPlan.JSON.writeValueAsBytes(job));
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        HEAP,
                        "-XX:+UseSerialGC",
                        "-XX:ErrorFile=" + folder.resolve(CRASH), // else in the working folder of the executor
                        "-cp",
                        classPath,
                        MAIN,
                        folder.toString()))
                .redirectError(folder.resolve(ERRORS).toFile());
        String threads = Integer.toString(job.plan().threads());
        builder.environment().put("OMP_NUM_THREADS", threads);
        builder.environment().put("OPENBLAS_NUM_THREADS", threads);
        return new WorkerProcess(builder.start(), folder);
    }

    long pid() {
        return process.pid();
    }

    /**
     * Waits for the next event.
     *
     * @param cancelled looked at again and again
     * @return null once the process has ended and said all
     * @throws ArclightException CANCELLED
     */
    @Nullable WorkerEvent next(BooleanSupplier cancelled) throws IOException, InterruptedException {
        while (true) {
            String line = lines.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            if (line != null && !line.startsWith(EVENT)) {
                LOG.info("A worker's libraries say: {}", line);
            } else if (line != null) {
                return TrainingPlan.JSON.readValue(line, WorkerEvent.class);
            }
            if (cancelled.getAsBoolean()) {
                throw new ArclightException(ErrorCode.CANCELLED, "The training was ended from outside");
            }
            if (!reader.isAlive() && lines.isEmpty()) {
                return null;
            }
        }
    }

    /** How it ended, for a message: exit code and the end of what it wrote to standard error. */
    String ending() throws IOException, InterruptedException {
        boolean over = process.waitFor(ENDING_SECONDS, TimeUnit.SECONDS);
        // Native libraries write what they like.
        List<String> said = new String(Files.readAllBytes(folder.resolve(ERRORS)), StandardCharsets.UTF_8)
                .lines()
                .toList();
        return "%s%s, after '%s'"
                .formatted(
                        over ? "exit code " + process.exitValue() : "still running",
                        crash(),
                        said.isEmpty() ? "" : said.get(said.size() - 1));
    }

    /** Where native code broke, if that is what happened. */
    private String crash() throws IOException {
        Path file = folder.resolve(CRASH);
        if (!Files.exists(file)) {
            return "";
        }
        try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
            return lines.dropWhile(line -> !line.startsWith("# Problematic frame"))
                    .skip(1)
                    .findFirst()
                    .map(line -> " (crashed in native code,%s)".formatted(line.replaceFirst("^#", "")))
                    .orElse("");
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        boolean interrupted = Thread.interrupted(); // its folder is deleted next: it must not write there any more
        try {
            process.waitFor(ENDING_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void read() {
        try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            lines.clear(); // the pipe broke: it is as if the process had died
        }
    }
}
