/**
 * {@code s3a://} and {@code s3://} paths: Hadoop's S3A as an add-on, with defaults. Starts from
 * {@link dev.arclight.tables.s3.SimpleStorage}.
 */
@NullMarked
package dev.arclight.tables.s3;

import org.jspecify.annotations.NullMarked;
