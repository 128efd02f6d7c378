/**
 * Files and the tables they make up, on any filesystem that Hadoop knows: {@code arclight fs}. No Spark session. Starts
 * from {@link FsCommand}.
 */
@NullMarked
package dev.arclight.tables.files;

import org.jspecify.annotations.NullMarked;
