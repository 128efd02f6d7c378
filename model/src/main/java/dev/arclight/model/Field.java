package dev.arclight.model;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One input or output of a model, as MLflow's signatures have it. */
public sealed interface Field {
    /** The name, or null where the field is known by its place only. */
    @Nullable String name();

    /**
     * One scalar a row.
     *
     * @param name of the column, or null
     * @param required whether a request must bring it; an optional one may be missing
     */
    record Column(@Nullable String name, DataType type, boolean required) implements Field {
        public Column {
            Objects.requireNonNull(type);
        }

        /** A column that every request must bring. */
        public static Column of(String name, DataType type) {
            return new Column(Objects.requireNonNull(name), type, true);
        }
    }

    /**
     * An array of any shape.
     *
     * @param name of the tensor, or null
     * @param dtype NumPy's name of the element type, such as {@code float32}
     * @param shape its dimensions; -1 stands for any length
     */
    record Tensor(@Nullable String name, String dtype, List<Integer> shape) implements Field {
        public Tensor {
            Objects.requireNonNull(dtype);
            shape = List.copyOf(shape);
        }

        /** An unnamed tensor. */
        public static Tensor of(String dtype, Integer... shape) {
            return new Tensor(null, dtype, List.of(shape));
        }
    }
}
