/**
 * What Arclight needs of Ray, in types that name no Ray class, and how the Ray of the machine is found and loaded. The
 * classes that do name Ray's are in {@code dev.arclight.ray.actor} and run in a class loader of their own, so that
 * Ray's jar need not be on anybody's class path and its logging set-up stays away from the application's. Start at
 * {@link dev.arclight.ray.link.RayLink}.
 */
@NullMarked
package dev.arclight.ray.link;

import org.jspecify.annotations.NullMarked;
