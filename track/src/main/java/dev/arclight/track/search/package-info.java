/**
 * MLflow's filter and order-by grammar, parsed. Start at {@link dev.arclight.track.search.FilterParser}; what the parts
 * mean in a database is said elsewhere.
 */
@NullMarked
package dev.arclight.track.search;

import org.jspecify.annotations.NullMarked;
