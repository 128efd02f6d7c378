@NullMarked
package dev.arclight.ray.install;

import org.jspecify.annotations.NullMarked;
