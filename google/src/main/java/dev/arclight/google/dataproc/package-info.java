/**
 * Drivers on Dataproc: jobs of a cluster ({@link dev.arclight.google.dataproc.DataprocSubmitter}) and serverless
 * batches ({@link dev.arclight.google.dataproc.DataprocServerlessSubmitter}), by Dataproc's REST interface, v1. Jars go
 * to a bucket ({@code Staging}), the driver's output is read from one ({@code DriverOutput}).
 */
@NullMarked
package dev.arclight.google.dataproc;

import org.jspecify.annotations.NullMarked;
