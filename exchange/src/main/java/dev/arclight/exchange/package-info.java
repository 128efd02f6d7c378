/**
 * Arrow in and out of Spark. {@link dev.arclight.exchange.BlockWriter} makes Arrow IPC blocks of a partition's rows or
 * column batches, {@link dev.arclight.exchange.BlockReader} gives a block to Spark as columns over its own bytes;
 * {@link dev.arclight.exchange.SchemaMapping} says which type becomes which. Exact or refused by name: no value
 * changes.
 *
 * <p>Rows are read where Spark lays them ({@code UnsafeRow}, a public class whose layout has been the same since Spark
 * 2), and IPC is written and read in place, because Arrow's Java vectors would be one more copy of every byte.
 */
@NullMarked
package dev.arclight.exchange;

import org.jspecify.annotations.NullMarked;
