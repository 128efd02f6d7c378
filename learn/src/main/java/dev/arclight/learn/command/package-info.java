/** The {@code arclight} commands of this module. Start at {@link dev.arclight.learn.command.ScoreCommand}. */
@NullMarked
package dev.arclight.learn.command;

import org.jspecify.annotations.NullMarked;
