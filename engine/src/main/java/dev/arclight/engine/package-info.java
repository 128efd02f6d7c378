/**
 * The session: {@link dev.arclight.engine.Arclight#builder(String)} starts Spark on the engine that a
 * {@link dev.arclight.engine.Master} names. Spark begins here.
 */
@NullMarked
package dev.arclight.engine;

import org.jspecify.annotations.NullMarked;
