@NullMarked
package dev.arclight.ray.fleet;

import org.jspecify.annotations.NullMarked;
