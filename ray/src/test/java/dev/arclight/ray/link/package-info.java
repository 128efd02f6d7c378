@NullMarked
package dev.arclight.ray.link;

import org.jspecify.annotations.NullMarked;
