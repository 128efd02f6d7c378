/**
 * Tables of BigQuery by Google's connector for Spark. Starts from {@link dev.arclight.google.bigquery.BigQueryTable}.
 */
@NullMarked
package dev.arclight.google.bigquery;

import org.jspecify.annotations.NullMarked;
