/**
 * {@code gs://} for Hadoop: Google's own connector with defaults for a person's machine. Starts from
 * {@link dev.arclight.google.fs.GoogleStorage}.
 */
@NullMarked
package dev.arclight.google.fs;

import org.jspecify.annotations.NullMarked;
