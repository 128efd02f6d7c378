/** Tests that start the release as a user does. Start at {@link dev.arclight.dist.Launcher}. */
@NullMarked
package dev.arclight.dist;

import org.jspecify.annotations.NullMarked;
