package dev.arclight.torch;

import java.io.Serializable;

/**
 * Some rows on their way to the worker that trains on them.
 *
 * @param held whether to validate on them
 * @param at index of the first among the worker's rows
 * @param rows float32 in the machine's byte order: features, then the label; one row after the other
 */
@SuppressWarnings("ArrayRecordComponent") // not copied: too large
record RowChunk(boolean held, long at, byte[] rows) implements Serializable {
    private static final long serialVersionUID = 1L;
}
