/** Drivers as runs of Databricks' jobs. Starts from {@link dev.arclight.databricks.job.DatabricksSubmitter}. */
@NullMarked
package dev.arclight.databricks.job;

import org.jspecify.annotations.NullMarked;
