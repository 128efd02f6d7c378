/** Add-ons that are jars of Maven artifacts: {@link dev.arclight.engine.addon.PinnedJars}. */
@NullMarked
package dev.arclight.engine.addon;

import org.jspecify.annotations.NullMarked;
