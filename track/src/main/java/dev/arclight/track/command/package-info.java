/**
 * The commands {@code arclight runs} and {@code arclight models}. Start at
 * {@link dev.arclight.track.command.RunsCommand}.
 */
@NullMarked
package dev.arclight.track.command;

import org.jspecify.annotations.NullMarked;
