/**
 * How a module brings its own subcommand of {@code arclight}. Start at
 * {@link dev.arclight.base.command.ArclightCommand}.
 */
@NullMarked
package dev.arclight.base.command;

import org.jspecify.annotations.NullMarked;
