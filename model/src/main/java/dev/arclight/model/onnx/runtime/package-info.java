/**
 * The only classes that name ONNX Runtime's. They are loaded by whatever class loader has its jar, perhaps one of their
 * own, so nothing else may name them.
 */
@NullMarked
package dev.arclight.model.onnx.runtime;

import org.jspecify.annotations.NullMarked;
