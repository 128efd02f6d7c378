/**
 * What a user installs and starts by hand: add-ons kept out of the release, among them a pinned Ray, and Ray clusters
 * on this machine.
 */
@NullMarked
package dev.arclight.ray.install;

import org.jspecify.annotations.NullMarked;
