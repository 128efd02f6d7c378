@NullMarked
package dev.arclight.exchange;

import org.jspecify.annotations.NullMarked;
