/**
 * Delta Lake tables as sources and sinks, from an add-on that {@code arclight install} fetches. Start at
 * {@link dev.arclight.tables.lake.LakeTable}.
 */
@NullMarked
package dev.arclight.tables.lake;

import org.jspecify.annotations.NullMarked;
