@NullMarked
package dev.arclight.raytrain;

import org.jspecify.annotations.NullMarked;
