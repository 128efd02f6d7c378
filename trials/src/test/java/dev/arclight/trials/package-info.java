@NullMarked
package dev.arclight.trials;

import org.jspecify.annotations.NullMarked;
