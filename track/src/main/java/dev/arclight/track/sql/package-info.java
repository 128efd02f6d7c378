/**
 * The store in a database: SQL and what it means. Start at {@link dev.arclight.track.sql.EmbeddedTracking} or
 * {@link dev.arclight.track.sql.PostgresTracking}.
 *
 * <p>Layers, each knowing only those below: {@code SqlTracking} wires; {@code SqlRuns}, {@code SqlRegistry} and their
 * like speak SQL; {@code Database} gives them sessions, one writer and many readers; {@code Migrations} keeps the
 * schema.
 */
@NullMarked
package dev.arclight.track.sql;

import org.jspecify.annotations.NullMarked;
