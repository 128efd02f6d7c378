/**
 * Neural networks on DataFrames: {@link dev.arclight.torch.TorchEstimator} trains layers or a TorchScript file, data
 * parallel over worker JVMs; {@link dev.arclight.torch.TorchModel} predicts. Only {@code dev.arclight.torch.worker}
 * touches PyTorch, and runs in processes of its own.
 */
@NullMarked
package dev.arclight.torch;

import org.jspecify.annotations.NullMarked;
