/**
 * What a version must show before an alias moves to it. Start at {@link dev.arclight.track.gates.Gate}; who promotes
 * calls {@code Tracking.promote}.
 */
@NullMarked
package dev.arclight.track.gates;

import org.jspecify.annotations.NullMarked;
