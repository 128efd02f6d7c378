/**
 * {@code dbfs:} paths for Hadoop: {@code dbfs:/Volumes/...} by the Files interface, all others by that of DBFS. Starts
 * from {@link dev.arclight.databricks.files.DatabricksFileSystem}.
 */
@NullMarked
package dev.arclight.databricks.files;

import org.jspecify.annotations.NullMarked;
