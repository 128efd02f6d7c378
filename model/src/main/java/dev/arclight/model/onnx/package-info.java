/**
 * ONNX graphs, run by ONNX Runtime's native library, which is not in the release: {@code arclight install onnx}. Start
 * at {@link dev.arclight.model.onnx.OnnxModel}.
 */
@NullMarked
package dev.arclight.model.onnx;

import org.jspecify.annotations.NullMarked;
