/**
 * Google Cloud: {@code gs://} paths ({@code fs}), drivers on Dataproc clusters and in serverless batches
 * ({@code dataproc}), tables of BigQuery ({@code bigquery}), and the add-on that brings the connector
 * ({@code install}).
 */
@NullMarked
package dev.arclight.google;

import org.jspecify.annotations.NullMarked;
