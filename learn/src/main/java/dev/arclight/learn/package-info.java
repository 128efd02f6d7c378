/** Training on DataFrames, evaluation, and batch scoring as Spark expressions. */
@NullMarked
package dev.arclight.learn;

import org.jspecify.annotations.NullMarked;
