/**
 * Runs, params, metrics, artifacts, logged models and the model registry, in MLflow's terms and with MLflow's limits.
 *
 * <p>Start at {@link dev.arclight.track.Tracking}: {@code Tracking.open(uri)} gives the store behind a directory, and
 * {@code tracking.start(RunStart.in(experiment))} a run to log to.
 */
@NullMarked
package dev.arclight.track;

import org.jspecify.annotations.NullMarked;
