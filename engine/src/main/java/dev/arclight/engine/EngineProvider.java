package dev.arclight.engine;

import java.util.Map;
import java.util.Optional;

/**
 * Makes a kind of {@link Master} available. Found by ServiceLoader, so that an engine's module is only needed where the
 * engine is used.
 */
public interface EngineProvider {
    /**
     * Prepares {@code master} if this engine serves it. Called before any Spark class is initialised; may start what
     * the engine needs and may do so in the background.
     *
     * @param sparkSettings what the user asked for, Spark's own keys; not to be modified
     * @return empty if the master is another engine's
     * @throws dev.arclight.base.ArclightException if the engine cannot be had, in one sentence
     */
    Optional<Engine> prepare(Master master, Map<String, String> sparkSettings);

    /**
     * Spark settings for a driver that was submitted to {@code master} and may make its session by Spark's own builder,
     * which never asks this engine. Nothing is started.
     *
     * @return empty if the master is another engine's
     */
    default Map<String, String> driverSettings(Master master) {
        return Map.of();
    }

    /** An engine made ready for one session. */
    interface Engine extends AutoCloseable {
        /** What goes to {@code SparkSession.builder().master(...)}. */
        String sparkMaster();

        /** Spark settings that the engine needs; the user's own win. */
        Map<String, String> sparkSettings();

        /** Ends what {@link EngineProvider#prepare} started, after Spark has stopped. Idempotent. */
        @Override
        void close();
    }
}
