/** The add-on {@code google}: a pinned, checksummed jar. Starts from {@link GoogleAddOn}. */
@NullMarked
package dev.arclight.google.install;

import org.jspecify.annotations.NullMarked;
