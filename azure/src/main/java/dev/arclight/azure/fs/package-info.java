/**
 * {@code azureml://} for Hadoop: each path is resolved to a container and a credential, and {@code hadoop-azure} (ABFS)
 * does the work. Starts from {@link AzureMLFileSystem}.
 */
@NullMarked
package dev.arclight.azure.fs;

import org.jspecify.annotations.NullMarked;
