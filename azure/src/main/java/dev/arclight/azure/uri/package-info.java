/** The grammar of {@code azureml://} URIs. Knows no network and no filesystem. Starts from {@link AzureMLUri}. */
@NullMarked
package dev.arclight.azure.uri;

import org.jspecify.annotations.NullMarked;
