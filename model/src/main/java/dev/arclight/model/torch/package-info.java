/**
 * Neural networks as data: {@link dev.arclight.model.torch.Layer}s, their {@link dev.arclight.model.torch.Weights} and,
 * joined, a {@link dev.arclight.model.torch.NetworkFile} that predicts in plain Java. PyTorch is not needed here; the
 * {@code torch} room trains with it.
 */
@NullMarked
package dev.arclight.model.torch;

import org.jspecify.annotations.NullMarked;
