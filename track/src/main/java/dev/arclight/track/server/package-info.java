/**
 * MLflow's REST API over any {@link dev.arclight.track.Tracking}. Start at
 * {@link dev.arclight.track.server.TrackingServer}.
 */
@NullMarked
package dev.arclight.track.server;

import org.jspecify.annotations.NullMarked;
