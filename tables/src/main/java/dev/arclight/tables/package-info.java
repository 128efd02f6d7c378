/** Declared tables over drifting files, profiles, quality reports, generators. */
@NullMarked
package dev.arclight.tables;

import org.jspecify.annotations.NullMarked;
