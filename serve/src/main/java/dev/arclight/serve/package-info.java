/**
 * The scoring server and its page: models answer over MLflow's protocol. Start at
 * {@link dev.arclight.serve.ScoringServer}.
 */
@NullMarked
package dev.arclight.serve;

import org.jspecify.annotations.NullMarked;
