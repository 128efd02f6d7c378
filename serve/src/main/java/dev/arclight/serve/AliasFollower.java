package dev.arclight.serve;

import dev.arclight.base.ArclightException;
import dev.arclight.web.Metrics;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks where aliases point and has the new version answer once it is loaded and proven. A version that cannot be
 * loaded, or predicts its golden rows differently, is refused and the old one goes on.
 */
final class AliasFollower implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AliasFollower.class);

    private final Map<String, RegisteredModel> followed;
    private final Models models;
    private final Counter moves;
    private final Counter refused;
    private final Gauge serving;
    private final Map<String, Integer> refusedVersions = new HashMap<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "arclight-alias-follower");
        thread.setDaemon(true);
        return thread;
    });

    /** @param followed by the name under which each is served */
    AliasFollower(Map<String, RegisteredModel> followed, Models models, Metrics metrics) {
        this.followed = Map.copyOf(followed);
        this.models = models;
        this.moves = metrics.counter("arclight_model_swaps", "Versions that began to answer", "model");
        this.refused = metrics.counter("arclight_model_refused", "Versions that could not be served", "model");
        this.serving = metrics.gauge("arclight_model_version", "The version that answers", "model");
        for (String key : followed.keySet()) {
            serving.labelValues(key).set(Double.parseDouble(models.find(key).version()));
        }
    }

    void start(Duration every) {
        ScheduledFuture<?> unused =
                timer.scheduleWithFixedDelay(this::look, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        followed.forEach((key, model) -> {
            try {
                follow(key, model);
            } catch (RuntimeException | Error e) { // the registry may be away for a while; what is served stays
                // Whatever it is: what leaves this method ends the looking for good, and nobody hears of it.
                LOG.warn("Cannot look up {}@{}: {}", model.name(), model.alias(), String.valueOf(e));
            }
        });
    }

    private void follow(String key, RegisteredModel model) {
        int version = model.version();
        String now = models.find(key).version();
        if (Integer.toString(version).equals(now) || Objects.equals(refusedVersions.get(key), version)) {
            return;
        }
        try {
            models.replace(key, Integer.toString(version), model.load(version));
            refusedVersions.remove(key);
            moves.labelValues(key).inc();
            serving.labelValues(key).set(version);
            LOG.info("{} version {} answers now, before it {}", key, version, now);
        } catch (ArclightException e) {
            if (e.code().isRetryable()) {
                throw e; // the store is away: it may be there at the next look
            }
            refuse(key, version, now, e);
        } catch (RuntimeException | Error e) {
            refuse(key, version, now, e);
        }
    }

    /** Says so once for a version, not at every look. */
    private void refuse(String key, int version, String now, Throwable why) {
        refusedVersions.put(key, version);
        refused.labelValues(key).inc();
        LOG.error("{} version {} is refused, version {} goes on: {}", key, version, now, String.valueOf(why));
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
