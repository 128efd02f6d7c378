/** {@code arclight shell}: JShell with a session. Start at {@link dev.arclight.engine.shell.ShellCommand}. */
@NullMarked
package dev.arclight.engine.shell;

import org.jspecify.annotations.NullMarked;
