/** The {@code arclight} command. Start at {@link dev.arclight.cli.Main}. */
@NullMarked
package dev.arclight.cli;

import org.jspecify.annotations.NullMarked;
