package dev.arclight.torch;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.arclight.base.ArclightException;
import dev.arclight.base.AtomicFiles;
import dev.arclight.base.ErrorCode;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.util.CollectionAccumulator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction1;

/**
 * One task of the barrier stage: lays down its rows, starts a worker process on them, and brings back what it trained.
 * If a worker dies, all tasks fail; {@link Training} runs the stage again, and the workers go on from the last
 * checkpoint.
 */
final class TrainingTask extends AbstractFunction1<Iterator<Tuple2<Integer, RowChunk>>, Iterator<TrainingTask.Result>>
        implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(TrainingTask.class);

    private final String plan;
    private final byte[] start;
    private final boolean validated;
    private final String checkpoints;
    private final CollectionAccumulator<Epoch> epochs;
    private final int attempt;

    /**
     * Prepares the task.
     *
     * @param start initial weights (safetensors), or the TorchScript file if the plan has no layers
     * @param validated whether there are rows to validate on: all workers then add up what they found, also those that
     *     were dealt none of them
     * @param checkpoints folder
     * @param epochs hears of each epoch while the task runs
     * @param attempt 0 for the first
     */
    TrainingTask(
            TrainingPlan plan,
            byte[] start,
            boolean validated,
            Checkpoints checkpoints,
            CollectionAccumulator<Epoch> epochs,
            int attempt) {
        try {
            this.plan = TrainingPlan.JSON.writeValueAsString(plan);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A plan is always JSON", e);
        }
        this.start = start;
        this.validated = validated;
        this.checkpoints = checkpoints.folder();
        this.epochs = epochs;
        this.attempt = attempt;
    }

    /**
     * What a worker brought back.
     *
     * @param pid of the worker process
     * @param attempt 0 for the first start of all workers
     * @param module the TorchScript file; empty but for rank 0
     * @param weights the safetensors file; empty but for rank 0
     * @param code of what was wrong with the input, or null
     */
    @SuppressWarnings("ArrayRecordComponent") // not copied: too large
    record Result(
            int rank,
            long pid,
            int attempt,
            List<Epoch> history,
            int bestEpoch,
            byte[] module,
            byte[] weights,
            @org.jspecify.annotations.Nullable ErrorCode code,
            String message)
            implements Serializable {
        private static final long serialVersionUID = 1L;

        static Result refused(int rank, int attempt, ErrorCode code, String message) {
            return new Result(rank, 0, attempt, List.of(), 0, new byte[0], new byte[0], code, message);
        }
    }

    /** What the tasks tell each other before they start. */
    record Hello(String host, String folder, long rows, int port, String checkpoint, String problem) {}

    @Override
    public Iterator<Result> apply(Iterator<Tuple2<Integer, RowChunk>> chunks) {
        BarrierTaskContext context = BarrierTaskContext.get();
        try {
            Path folder = Files.createTempDirectory("arclight-torch");
            try {
                return CollectionConverters.asScala(
                        List.of(run(context, folder, chunks)).iterator());
            } finally {
                AtomicFiles.deleteTree(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("A training task cannot use its temporary folder: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ArclightException(ErrorCode.CANCELLED, "The training was interrupted", e);
        }
    }

    private Result run(BarrierTaskContext context, Path folder, Iterator<Tuple2<Integer, RowChunk>> chunks)
            throws IOException, InterruptedException {
        TrainingPlan training = TrainingPlan.JSON.readValue(plan, TrainingPlan.class);
        int rowBytes = 4 * (training.features() + 1);
        long rows = layDown(folder, chunks, rowBytes, validated);
        Files.write(folder.resolve(training.layers().isEmpty() ? WorkerJob.MODULE : WorkerJob.WEIGHTS), start);
        String kept = new Checkpoints(checkpoints).fetch(folder.resolve(WorkerJob.CHECKPOINT));
        int rank = context.partitionId();
        String host = context.getTaskInfos()[rank].address().replaceFirst(":\\d+$", "");
        String classPath = "";
        String problem = "";
        try {
            classPath = TorchLibrary.workerClassPath();
        } catch (ArclightException e) {
            problem = String.valueOf(e.getMessage());
        }
        Hello[] all =
                meet(context, new Hello(host, folder.toString(), rows, rank == 0 ? freePort() : 0, kept, problem));
        for (Hello hello : all) {
            if (!hello.problem().isEmpty()) {
                return Result.refused(rank, attempt, ErrorCode.NOT_FOUND, hello.problem());
            }
        }
        if (Arrays.stream(all).map(Hello::checkpoint).distinct().count() > 1) {
            throw new ArclightException(
                    ErrorCode.UNAVAILABLE,
                    "The workers' machines see different checkpoints in %s: give a folder that all of them see with checkpoints(...)"
                            .formatted(checkpoints));
        }
        boolean together = Arrays.stream(all).map(Hello::host).distinct().count() == 1;
        long most = Arrays.stream(all).mapToLong(Hello::rows).max().orElse(0);
        WorkerJob job = new WorkerJob(
                training,
                rank,
                all.length,
                (most + training.batch() - 1) / training.batch(),
                together
                        ? "file:" + Path.of(all[0].folder()).resolve("meeting")
                        : "tcp:%s:%d".formatted(all[0].host(), all[0].port()),
                together ? "127.0.0.1" : host,
                ProcessHandle.current().pid());
        try (WorkerProcess worker = WorkerProcess.start(folder, job, classPath)) {
            return follow(context, folder, job, worker);
        }
    }

    private Result follow(BarrierTaskContext context, Path folder, WorkerJob job, WorkerProcess worker)
            throws IOException, InterruptedException {
        List<Epoch> history = new ArrayList<>();
        int best = -1;
        WorkerEvent.Failed failed = null;
        for (WorkerEvent event = worker.next(context::isInterrupted);
                event != null;
                event = worker.next(context::isInterrupted)) {
            if (event instanceof WorkerEvent.Trained trained) {
                history.add(trained.epoch());
                epochs.add(trained.epoch());
            } else if (event instanceof WorkerEvent.Kept) {
                new Checkpoints(checkpoints).keep(folder.resolve(WorkerJob.CHECKPOINT));
            } else if (event instanceof WorkerEvent.Finished finished) {
                best = finished.bestEpoch();
            } else if (event instanceof WorkerEvent.Failed said) {
                failed = said;
            }
        }
        if (best < 0 && failed == null) {
            failed = new WorkerEvent.Failed(
                    ErrorCode.UNAVAILABLE,
                    "Worker %d (process %d) died: %s".formatted(job.rank(), worker.pid(), worker.ending()),
                    true);
        }
        String mine = failed == null
                ? ""
                : TrainingPlan.JSON.writerFor(WorkerEvent.class).writeValueAsString(failed);
        String[] endings = context.allGather(mine);
        // What is wrong with the input is wrong again the next time: it comes first, and is no reason to try again.
        for (String ending : endings) {
            if (!ending.isEmpty()
                    && TrainingPlan.JSON.readValue(ending, WorkerEvent.class) instanceof WorkerEvent.Failed other
                    && !other.code().isRetryable()) {
                return Result.refused(job.rank(), attempt, other.code(), other.message());
            }
        }
        if (failed != null) {
            LOG.warn("Attempt {} of the training ended: {}", attempt, failed.message());
            throw new ArclightException(failed.code(), failed.message());
        }
        boolean first = job.rank() == 0;
        return new Result(
                job.rank(),
                worker.pid(),
                attempt,
                history,
                best,
                first ? Files.readAllBytes(folder.resolve(WorkerJob.MODULE_OUT)) : new byte[0],
                first ? Files.readAllBytes(folder.resolve(WorkerJob.WEIGHTS_OUT)) : new byte[0],
                null,
                "");
    }

    /** Writes each chunk to its place; returns how many rows are to be trained on. */
    private static long layDown(
            Path folder, Iterator<Tuple2<Integer, RowChunk>> chunks, int rowBytes, boolean validated)
            throws IOException {
        long bytes = 0;
        try (FileChannel training = create(folder.resolve(WorkerJob.TRAINING))) {
            FileChannel held = validated ? create(folder.resolve(WorkerJob.VALIDATION)) : null;
            try {
                while (chunks.hasNext()) {
                    RowChunk chunk = chunks.next()._2();
                    FileChannel target = chunk.held() && held != null ? held : training;
                    ByteBuffer from = ByteBuffer.wrap(chunk.rows());
                    for (long at = chunk.at() * rowBytes; from.hasRemaining(); ) {
                        at += target.write(from, at);
                    }
                    bytes += chunk.held() ? 0 : chunk.rows().length;
                }
            } finally {
                if (held != null) {
                    held.close();
                }
            }
        }
        return bytes / rowBytes;
    }

    private static FileChannel create(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    private static Hello[] meet(BarrierTaskContext context, Hello mine) throws IOException {
        String[] said = context.allGather(TrainingPlan.JSON.writeValueAsString(mine));
        Hello[] all = new Hello[said.length];
        for (int i = 0; i < said.length; i++) {
            all[i] = TrainingPlan.JSON.readValue(said[i], Hello.class);
        }
        return all;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
