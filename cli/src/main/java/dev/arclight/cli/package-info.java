/** The arclight command and doctor. */
@NullMarked
package dev.arclight.cli;

import org.jspecify.annotations.NullMarked;
