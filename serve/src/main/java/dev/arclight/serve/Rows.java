package dev.arclight.serve;

import dev.arclight.web.HttpError;
import java.util.Arrays;

/** A growing table of float32, row-major. Used by one thread. */
final class Rows {
    /**
     * In one body: what 64 MiB of JSON can hold. In formats of columns a few bytes can stand for any number of equal
     * values.
     */
    static final long MOST_VALUES = 16L << 20;

    /** What 64 MiB of JSON can hold at two bytes each; the values of one column alone make rows of all columns. */
    private static final long MOST_JSON_VALUES = 2 * MOST_VALUES;

    private final int width;
    private float[] values;
    private int count;

    Rows(int width) {
        this.width = width;
        this.values = new float[width];
    }

    int width() {
        return width;
    }

    int count() {
        return count;
    }

    /**
     * Begins a row of missing values.
     *
     * @throws HttpError 413 if there are too many
     */
    void begin() {
        int start = count * width; // below the limit, as is the next
        if ((long) start + width > MOST_JSON_VALUES) {
            throw new HttpError(
                    413,
                    "REQUEST_TOO_LARGE",
                    "The body has more than %,d rows of %d inputs; send fewer rows at once".formatted(count, width));
        }
        if (start + width > values.length) {
            values = Arrays.copyOf(values, (int) Math.min(MOST_JSON_VALUES, 2L * values.length + width));
        }
        Arrays.fill(values, start, start + width, Float.NaN);
        count++;
    }

    /** Sets a value of the row begun last. */
    void set(int column, float value) {
        values[(count - 1) * width + column] = value;
    }

    /** Sets a value of any row. */
    void set(int row, int column, float value) {
        values[row * width + column] = value;
    }

    /** Shape (at least count, width), row-major; not a copy. */
    float[] values() {
        return values;
    }
}
