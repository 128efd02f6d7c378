/**
 * What is too large for the release and is installed once by {@code arclight install NAME}. A module brings a
 * {@link dev.arclight.base.addon.AddOn}; {@link dev.arclight.base.addon.AddOns#folder} says where they go.
 */
@NullMarked
package dev.arclight.base.addon;

import org.jspecify.annotations.NullMarked;
