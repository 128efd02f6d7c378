package dev.arclight.exchange;

import org.apache.spark.sql.types.DataType;
import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/** Strings, which look into the block, and binary values, which are copied out of it. */
final class BytesColumn extends BlockColumn {
    private final long offsets;
    private final long values;

    BytesColumn(DataType type, byte[] bytes, Body.Node node, long offsets, long values) {
        super(type, bytes, node);
        this.offsets = offsets;
        this.values = values;
    }

    @Override
    public @Nullable UTF8String getUTF8String(int row) {
        if (isNullAt(row)) {
            return null;
        }
        int begin = Platform.getInt(bytes, offsets + row * 4L);
        return UTF8String.fromAddress(bytes, values + begin, Platform.getInt(bytes, offsets + row * 4L + 4) - begin);
    }

    @Override
    public byte @Nullable [] getBinary(int row) {
        if (isNullAt(row)) {
            return null;
        }
        int begin = Platform.getInt(bytes, offsets + row * 4L);
        byte[] out = new byte[Platform.getInt(bytes, offsets + row * 4L + 4) - begin];
        Platform.copyMemory(bytes, values + begin, out, Platform.BYTE_ARRAY_OFFSET, out.length);
        return out;
    }
}
