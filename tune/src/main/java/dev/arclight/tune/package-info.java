/** Search spaces, samplers and parallel trials. */
@NullMarked
package dev.arclight.tune;

import org.jspecify.annotations.NullMarked;
