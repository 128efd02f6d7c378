package dev.arclight.torch.worker;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Rows of float32, features then label, mapped into memory. Safe for use by many threads. */
final class RowFile {
    private static final long SEGMENT_BYTES = 1L << 30;

    private final FloatBuffer[] segments;
    private final int rowsPerSegment;
    private final long rows;
    private final int features;

    private RowFile(FloatBuffer[] segments, int rowsPerSegment, long rows, int features) {
        this.segments = segments;
        this.rowsPerSegment = rowsPerSegment;
        this.rows = rows;
        this.features = features;
    }

    /** Maps a file of rows of {@code features + 1} numbers. */
    static RowFile open(Path file, int features) throws IOException {
        int rowBytes = 4 * (features + 1);
        int rowsPerSegment = (int) (SEGMENT_BYTES / rowBytes);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long rows = channel.size() / rowBytes;
            FloatBuffer[] segments = new FloatBuffer[(int) ((rows + rowsPerSegment - 1) / rowsPerSegment)];
            for (int s = 0; s < segments.length; s++) {
                long from = (long) s * rowsPerSegment;
                long count = Math.min(rowsPerSegment, rows - from);
                segments[s] = channel.map(FileChannel.MapMode.READ_ONLY, from * rowBytes, count * rowBytes)
                        .order(ByteOrder.nativeOrder())
                        .asFloatBuffer();
            }
            return new RowFile(segments, rowsPerSegment, rows, features);
        }
    }

    long rows() {
        return rows;
    }

    int features() {
        return features;
    }

    /**
     * Copies rows.
     *
     * @param from place in the order of the first
     * @param order row of each place, or null: the same
     * @param into shape (count, features)
     * @param labels shape (count)
     */
    void read(long from, int count, int @Nullable [] order, FloatBuffer into, FloatBuffer labels) {
        for (int i = 0; i < count; i++) {
            long row = order == null ? from + i : order[(int) (from + i)];
            FloatBuffer segment = segments[(int) (row / rowsPerSegment)];
            int at = (int) (row % rowsPerSegment) * (features + 1);
            into.put(i * features, segment, at, features);
            labels.put(i, segment.get(at + features));
        }
    }
}
