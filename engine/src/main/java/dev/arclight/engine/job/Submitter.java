package dev.arclight.engine.job;

import dev.arclight.base.progress.Progress;
import dev.arclight.engine.Master;
import java.util.Map;

/**
 * Starts drivers on a platform, and looks after them. Found by ServiceLoader; has a public no-argument constructor that
 * is cheap and touches neither Spark nor the platform. Safe for use by many threads.
 */
public interface Submitter extends Drivers {
    /** Whether it runs drivers for {@code master} in deploy mode {@code mode}. Decided by their form alone. */
    boolean serves(Master master, DeployMode mode);

    /**
     * Ships the application and starts its driver; returns once the platform has accepted it. What starts in the driver
     * is {@link Application#run}.
     *
     * @param id unique; fit to name the job on the platform
     * @param progress told what is shipped and how large it is
     * @return {@link JobRecord#handle()}
     */
    Map<String, String> submit(JobId id, JobRequest request, Progress progress) throws InterruptedException;
}
