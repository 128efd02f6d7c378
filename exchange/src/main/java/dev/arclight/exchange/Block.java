package dev.arclight.exchange;

/** Some rows as one Arrow IPC stream: schema, one record batch, end. */
public final class Block {
    private final byte[] bytes;
    private final long rows;

    /**
     * @param bytes the stream; owned by whoever holds the block, not copied, not to be changed
     * @param rows at least 0
     */
    public Block(byte[] bytes, long rows) {
        this.bytes = bytes;
        this.rows = rows;
    }

    /** The stream itself, not a copy. */
    public byte[] bytes() {
        return bytes;
    }

    public long rows() {
        return rows;
    }
}
