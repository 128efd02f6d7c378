/** Where artifacts lie. Start at {@link dev.arclight.track.artifacts.LocalArtifacts}. */
@NullMarked
package dev.arclight.track.artifacts;

import org.jspecify.annotations.NullMarked;
