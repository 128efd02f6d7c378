/** Wine (lifecycle) as a user would write it, and the demo commands. */
@NullMarked
package dev.arclight.examples;

import org.jspecify.annotations.NullMarked;
