package dev.arclight.ray.fleet;

import dev.arclight.ray.link.ExecutorInstructions;
import dev.arclight.ray.link.WorkerReport;

/** The driver as the fleet sees it. Called on the fleet's thread. */
public interface Driver {
    /**
     * What a process that is up needs in order to join.
     *
     * @throws dev.arclight.base.ArclightException if that process is unfit, such as a wrong Java
     */
    ExecutorInstructions instructions(long executor, int profile, WorkerReport report);

    /** An executor's process is no more. */
    void lost(long executor, String reason);

    /** While it lasts, called now and then: there will be no executors for the profile. */
    void hopeless(String why);
}
