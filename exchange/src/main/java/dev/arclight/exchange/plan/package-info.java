/**
 * The only package of this module that touches Spark's internals (plans and how they run): what breaks with a new Spark
 * breaks here. Start at {@link dev.arclight.exchange.plan.FrameBlocks}.
 */
@NullMarked
package dev.arclight.exchange.plan;

import org.jspecify.annotations.NullMarked;
