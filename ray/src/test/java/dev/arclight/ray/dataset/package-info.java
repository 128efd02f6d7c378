@NullMarked
package dev.arclight.ray.dataset;

import org.jspecify.annotations.NullMarked;
