/** Test support shared by all modules: what a test needs and how to get it. Never in a release. */
@NullMarked
package dev.arclight.testing;

import org.jspecify.annotations.NullMarked;
