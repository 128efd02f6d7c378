/**
 * What a user installs and starts by hand: a pinned Ray ({@link dev.arclight.ray.install.RayAddOn}), and Ray clusters
 * on this machine ({@link dev.arclight.ray.install.RayCommand}).
 */
@NullMarked
package dev.arclight.ray.install;

import org.jspecify.annotations.NullMarked;
