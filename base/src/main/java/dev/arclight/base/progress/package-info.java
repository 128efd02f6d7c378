/**
 * Progress of long work: bars on a terminal, plain lines in a log. Start at
 * {@link dev.arclight.base.progress.Progress}.
 */
@NullMarked
package dev.arclight.base.progress;

import org.jspecify.annotations.NullMarked;
