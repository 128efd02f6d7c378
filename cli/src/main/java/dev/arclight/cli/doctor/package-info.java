/**
 * What {@code arclight doctor} looks at that no other module does. Start at {@link dev.arclight.cli.doctor.JavaCheck}.
 */
@NullMarked
package dev.arclight.cli.doctor;

import org.jspecify.annotations.NullMarked;
