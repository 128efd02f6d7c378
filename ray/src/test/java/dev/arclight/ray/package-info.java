@NullMarked
package dev.arclight.ray;

import org.jspecify.annotations.NullMarked;
