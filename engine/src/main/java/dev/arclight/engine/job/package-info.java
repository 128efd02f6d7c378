/**
 * Applications that are submitted: {@link dev.arclight.engine.job.Jobs} submits a
 * {@link dev.arclight.engine.job.JobRequest} and finds it again from other processes. A platform that runs the driver
 * itself (deploy mode {@code cluster}) brings a {@link dev.arclight.engine.job.Submitter}.
 */
@NullMarked
package dev.arclight.engine.job;

import org.jspecify.annotations.NullMarked;
