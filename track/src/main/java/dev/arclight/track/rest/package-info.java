/**
 * The store behind a tracking server: MLflow 3, Databricks, or Arclight's own. Start at
 * {@link dev.arclight.track.rest.RestTracking}.
 *
 * <p>Layers, each knowing only those below: {@code RestTracking} wires; {@code RestRuns}, {@code RestRegistry} and
 * their like speak MLflow's API; {@code Wire} reads and writes its messages; {@code RestClient} sends them, with
 * retries and {@code Credentials}. Artifacts are {@code RestArtifacts}, which chooses the {@code RemoteFolder} that an
 * artifact URI names.
 */
@NullMarked
package dev.arclight.track.rest;

import org.jspecify.annotations.NullMarked;
