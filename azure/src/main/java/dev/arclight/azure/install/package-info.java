/** The add-on {@code azure}: pinned, checksummed jars. Starts from {@link AzureAddOn}. */
@NullMarked
package dev.arclight.azure.install;

import org.jspecify.annotations.NullMarked;
