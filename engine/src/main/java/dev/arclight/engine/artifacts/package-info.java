/**
 * Artifacts of a tracking store in any file system that Hadoop reaches:
 * {@link dev.arclight.engine.artifacts.HadoopArtifactPlace}.
 */
@NullMarked
package dev.arclight.engine.artifacts;

import org.jspecify.annotations.NullMarked;
