/** {@code arclight sql} and {@code arclight profile}. Start at {@link dev.arclight.tables.command.SqlCommand}. */
@NullMarked
package dev.arclight.tables.command;

import org.jspecify.annotations.NullMarked;
