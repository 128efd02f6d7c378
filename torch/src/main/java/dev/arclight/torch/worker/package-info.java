/**
 * What runs in a worker process, started by {@code dev.arclight.torch}: {@link dev.arclight.torch.worker.Worker}. The
 * only code that touches PyTorch; Spark is not on its class path.
 */
@NullMarked
package dev.arclight.torch.worker;

import org.jspecify.annotations.NullMarked;
