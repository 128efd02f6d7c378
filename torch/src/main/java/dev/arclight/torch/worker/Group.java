package dev.arclight.torch.worker;

import dev.arclight.torch.WorkerJob;
import java.time.Duration;
import org.bytedeco.javacpp.SizeTPointer;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.FileStore;
import org.bytedeco.pytorch.GlooDeviceVector;
import org.bytedeco.pytorch.ProcessGroupGloo;
import org.bytedeco.pytorch.Store;
import org.bytedeco.pytorch.TCPStore;
import org.bytedeco.pytorch.TCPStoreOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.jspecify.annotations.Nullable;

/** All workers of a training; adds up tensors by Gloo's all-reduce. With one worker it does nothing. */
final class Group {
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private final @Nullable ProcessGroupGloo gloo;
    private long bytes;

    private Group(@Nullable ProcessGroupGloo gloo) {
        this.gloo = gloo;
    }

    /** Meets the others. */
    static Group join(WorkerJob job) {
        if (job.workers() == 1) {
            return new Group(null);
        }
        try {
            ProcessGroupGloo.Options options = ProcessGroupGloo.Options.create(new Milliseconds(LIMIT.toMillis()));
            options.devices(new GlooDeviceVector(ProcessGroupGloo.createDeviceForHostname(job.address())));
            return new Group(new ProcessGroupGloo(store(job), job.rank(), job.workers(), options));
        } catch (RuntimeException e) {
            throw lost("meet", e);
        }
    }

    /** Replaces {@code tensor} by the sum of all workers' in this place. All call it in the same order. */
    void sum(Tensor tensor) {
        if (gloo == null) {
            return;
        }
        try {
            gloo.allreduce(new TensorVector(tensor))._wait();
            bytes += tensor.nbytes();
        } catch (RuntimeException e) {
            throw lost("add up gradients with", e);
        }
    }

    /** Handed to {@link #sum} so far. */
    long bytes() {
        return bytes;
    }

    private static Store store(WorkerJob job) {
        String[] meeting = job.meeting().split(":", 3);
        if (meeting[0].equals("file")) {
            return new FileStore(job.meeting().substring("file:".length()), job.workers());
        }
        TCPStoreOptions options = new TCPStoreOptions()
                .isServer(job.rank() == 0)
                .numWorkers(new SizeTPointer(1).put(job.workers()))
                .port((short) Integer.parseInt(meeting[2]))
                .timeout(new Milliseconds(LIMIT.toMillis()));
        return new TCPStore(meeting[1], options);
    }

    private static LostWorker lost(String doing, RuntimeException e) {
        return new LostWorker("Cannot %s the other workers: %s".formatted(doing, ScriptNetwork.firstLine(e)), e);
    }

    /** Another worker is gone: all have to start again. */
    static final class LostWorker extends RuntimeException {
        private static final long serialVersionUID = 1L;

        LostWorker(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
