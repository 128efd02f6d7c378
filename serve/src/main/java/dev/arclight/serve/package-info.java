/** The scoring server and its page. */
@NullMarked
package dev.arclight.serve;

import org.jspecify.annotations.NullMarked;
