package dev.arclight.raytrain;

/** Hears of each report while training goes on. */
@FunctionalInterface
public interface ReportListener {
    /** Hears nothing. */
    ReportListener NONE = report -> {};

    /**
     * All workers have reported. Called by the thread that called {@code fit}, in order; after a restart a step may be
     * told again. What it throws ends the training.
     */
    void reported(Report report);
}
