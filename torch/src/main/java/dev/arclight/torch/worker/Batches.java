package dev.arclight.torch.worker;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.bytedeco.javacpp.FloatPointer;
import org.jspecify.annotations.Nullable;

/**
 * The batches of one epoch, gathered from a {@link RowFile} by a thread of its own, some ahead of the one in use.
 *
 * <p>The order is 0, 1, 2 and so on, or if shuffled that of {@code Collections.shuffle} by {@code new Random(seed)},
 * which Python can repeat in a few lines.
 */
@SuppressWarnings("try") // closing waits for the thread and may be interrupted
final class Batches implements AutoCloseable {
    private static final int AHEAD = 3;
    private static final long LIMIT_SECONDS = 120;

    private final BlockingQueue<Batch> ready = new ArrayBlockingQueue<>(AHEAD);
    private final BlockingQueue<Batch> free = new ArrayBlockingQueue<>(AHEAD + 1);
    private final Thread reader;
    private final long steps;
    private volatile @Nullable RuntimeException failure;
    private long taken;

    /**
     * Rows that become tensors by {@code from_blob}: shapes (batch, features) and (batch). Refilled once given back.
     */
    static final class Batch {
        final FloatPointer features;
        final FloatPointer labels;
        private int rows;

        Batch(int size, int features) {
            this.features = new FloatPointer((long) size * features);
            this.labels = new FloatPointer(size);
        }

        /** How many rows it holds; 0 where this worker has none left. */
        int rows() {
            return rows;
        }
    }

    /**
     * Starts gathering.
     *
     * @param steps how many batches there are; those beyond the last row are empty
     * @param seed of the order, or null for that of the file
     */
    Batches(RowFile file, int size, long steps, @Nullable Long seed) {
        this.steps = steps;
        for (int i = 0; i <= AHEAD; i++) {
            free.add(new Batch(size, file.features()));
        }
        reader = new Thread(() -> read(file, size, seed), "arclight-torch-batches");
        reader.setDaemon(true);
        reader.start();
    }

    /** The next one, or null after the last; goes back by {@link #giveBack}. */
    @Nullable Batch next() throws InterruptedException {
        if (taken == steps) {
            return null;
        }
        taken++;
        for (long waited = 0; waited < LIMIT_SECONDS; waited++) {
            Batch batch = ready.poll(1, TimeUnit.SECONDS);
            if (batch != null) {
                return batch;
            }
            if (failure != null) {
                throw failure;
            }
        }
        throw new ArclightException(
                ErrorCode.TIMEOUT,
                "No batch could be read from the worker's rows within %d s".formatted(LIMIT_SECONDS));
    }

    void giveBack(Batch batch) {
        free.add(batch);
    }

    @Override
    public void close() throws InterruptedException {
        reader.interrupt();
        reader.join();
        ready.forEach(Batches::release);
        free.forEach(Batches::release);
    }

    private static void release(Batch batch) {
        batch.features.close();
        batch.labels.close();
    }

    private void read(RowFile file, int size, @Nullable Long seed) {
        try {
            int[] order = seed == null ? null : order(Math.toIntExact(file.rows()), seed);
            for (long step = 0; step < steps; step++) {
                Batch batch = free.take();
                long from = Math.min(step * size, file.rows());
                batch.rows = (int) Math.min(size, file.rows() - from);
                file.read(from, batch.rows, order, batch.features.asBuffer(), batch.labels.asBuffer());
                ready.put(batch);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    static int[] order(int rows, long seed) {
        int[] order = new int[rows];
        for (int i = 0; i < rows; i++) {
            order[i] = i;
        }
        Random random = new Random(seed);
        for (int i = rows; i > 1; i--) {
            int other = random.nextInt(i);
            int row = order[i - 1];
            order[i - 1] = order[other];
            order[other] = row;
        }
        return order;
    }
}
