package dev.arclight.ray.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import dev.arclight.exchange.plan.FrameBlocks;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The driver's word to the directory that it lives, and its ear for blocks that were lost: Ray runs again what made a
 * lost block, that asks the directory, the directory asks here, and Spark computes the one partition.
 */
final class Recovery implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int AT_ONCE = 4;
    /** The directory answers after 5 s at most, and at once when the session leaves. */
    private static final Duration ANSWER = Duration.ofSeconds(30);

    private final String session;
    private final Directory directory;

    private record Kept(FrameBlocks blocks, Runnable release) {}

    private final Map<String, Kept> kept = new ConcurrentHashMap<>();
    private final ExecutorService jobs = Executors.newFixedThreadPool(AT_ONCE, Recovery::daemon);
    private final Thread thread;
    private final CountDownLatch closing = new CountDownLatch(1);

    Recovery(String session, Directory directory) {
        this.session = session;
        this.directory = directory;
        thread = daemon(this::listen);
        thread.start();
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "arclight-recovery");
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Remembers how the blocks of a dataset were made.
     *
     * @param release called once it is no more
     */
    void keep(String dataset, FrameBlocks blocks, Runnable release) {
        kept.put(dataset, new Kept(blocks, release));
    }

    void forget(String dataset) {
        Kept gone = kept.remove(dataset);
        if (gone != null) {
            gone.release().run();
        }
    }

    private void listen() {
        while (closing.getCount() > 0) {
            try {
                Set<String> before = Set.copyOf(kept.keySet());
                JsonNode answer = directory.ask("poll", Map.of("session", session), ANSWER);
                Set<String> there = new HashSet<>();
                answer.get("datasets").forEach(id -> there.add(id.asText()));
                before.stream().filter(id -> !there.contains(id)).forEach(this::forget);
                for (JsonNode request : answer.get("requests")) {
                    // Not here: who does not ask for long is taken for dead.
                    jobs.execute(() -> compute(
                            request.get("dataset").asText(),
                            request.get("partition").asInt(),
                            request.get("seq").asInt()));
                }
            } catch (RuntimeException e) { // or nobody would listen any more
                if (closing.getCount() > 0) {
                    LOG.warn("No word from the directory of datasets: {}", e.getMessage());
                    pause();
                }
            }
        }
    }

    private void compute(String dataset, int partition, int block) {
        Kept known = kept.get(dataset);
        String error = "";
        try {
            if (known == null) {
                error = "Its session has forgotten how it was made";
            } else {
                LOG.info("Block {} of partition {} of dataset {} is computed again", block, partition, dataset);
                known.blocks().run(partition, new RecoverySink.Factory(dataset, block));
                return;
            }
        } catch (Exception e) { // Scala throws checked ones, too, such as SparkException, and does not say so
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            if (closing.getCount() == 0) {
                return; // the directory frees what the session has, and whoever waits is told
            }
            LOG.warn("Partition {} of dataset {} cannot be computed again", partition, dataset, e);
            error = "Computing it again failed: " + e.getMessage();
        }
        Map<String, Object> answer = new HashMap<>();
        answer.put("dataset", dataset);
        answer.put("partition", partition);
        answer.put("seq", block);
        answer.put("executor", "");
        answer.put("key", "");
        answer.put("error", error);
        try {
            directory.ask("recomputed", answer);
        } catch (RuntimeException e) {
            LOG.warn("The directory of datasets was not told that block {} is not there: {}", block, e.getMessage());
        }
    }

    /** Before the directory is asked again after it failed; ends at once when the session does. */
    private void pause() {
        try {
            boolean unused = closing.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Tells the directory that the session ends: what belongs to it is freed. Waits until nobody is in a call any more:
     * a process whose connection to Ray is closed during one crashes.
     */
    @Override
    public void close() {
        closing.countDown();
        jobs.shutdownNow();
        try {
            directory.ask("leave", Map.of("session", session), ANSWER);
        } finally {
            try {
                thread.join(ANSWER.toMillis());
                if (!jobs.awaitTermination(ANSWER.toMillis(), TimeUnit.MILLISECONDS)) {
                    LOG.warn("A block is still being computed again while its session ends");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
