package dev.arclight.ray.actor;

import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.status.StatusData;
import org.apache.logging.log4j.status.StatusListener;
import org.apache.logging.log4j.status.StatusLogger;

/** What log4j says of itself while Ray sets it up, which would go to standard output. */
final class SilentStatus implements StatusListener {
    private SilentStatus() {}

    /** Silences Ray's own copy of log4j; not to be called where Ray shares the application's. */
    static void install() {
        StatusLogger.getLogger().registerListener(new SilentStatus());
    }

    @Override
    public void log(StatusData data) {}

    @Override
    public Level getStatusLevel() {
        return Level.OFF;
    }

    @Override
    public void close() {}
}
