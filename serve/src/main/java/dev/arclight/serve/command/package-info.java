/** {@code arclight serve}. Start at {@link dev.arclight.serve.command.ServeCommand}. */
@NullMarked
package dev.arclight.serve.command;

import org.jspecify.annotations.NullMarked;
