/** What a trained model is: MLmodel directory, signature, flavors, golden rows; readers and predictors. */
@NullMarked
package dev.arclight.model;

import org.jspecify.annotations.NullMarked;
