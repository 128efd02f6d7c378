package dev.arclight.serve;

import dev.arclight.model.DataType;
import dev.arclight.model.Field;
import dev.arclight.model.Signature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the columns of a request must be: a model's signature, made ready for rows to be read by. Immutable. */
final class InputSchema {
    /**
     * A tensor of a signature: its numbers lie side by side in a row.
     *
     * @param name or null
     * @param first place of its first number
     * @param shape of one row's values; empty for a single number
     */
    record Tensor(@Nullable String name, int first, List<Integer> shape) {
        int width() {
            return shape.stream().reduce(1, Math::multiplyExact);
        }
    }

    private final List<String> names;
    private final List<Tensor> tensors;
    private final Map<String, Integer> indexes = new HashMap<>();
    private final DataType[] types;
    private final boolean[] required;
    private final boolean named;

    private InputSchema(List<String> names, List<Tensor> tensors, DataType[] types, boolean[] required, boolean named) {
        this.names = List.copyOf(names);
        this.tensors = List.copyOf(tensors);
        this.types = types;
        this.required = required;
        this.named = named;
        for (int i = 0; i < names.size(); i++) {
            indexes.put(names.get(i), i);
        }
    }

    /** The schema of a signature whose inputs are numeric columns, or tensors with so many numbers a row in all. */
    static InputSchema of(Signature signature, int features) {
        List<Field.Column> columns = signature.columns().orElse(List.of());
        if (columns.isEmpty()) {
            return ofTensors(signature.inputs(), features);
        }
        List<String> names = new ArrayList<>();
        DataType[] types = new DataType[features];
        boolean[] required = new boolean[features];
        boolean named = columns.stream().allMatch(column -> column.name() != null);
        for (int i = 0; i < features; i++) {
            names.add(named ? Objects.requireNonNull(columns.get(i).name()) : Integer.toString(i));
            types[i] = columns.get(i).type();
            required[i] = columns.get(i).required();
        }
        return new InputSchema(names, List.of(), types, required, named);
    }

    private static InputSchema ofTensors(List<Field> inputs, int features) {
        List<String> names = new ArrayList<>();
        List<Tensor> tensors = new ArrayList<>();
        DataType[] types = new DataType[features];
        boolean[] required = new boolean[features];
        Arrays.fill(required, true);
        int first = 0;
        for (Field input : inputs) {
            Field.Tensor field = (Field.Tensor) input;
            Tensor tensor = new Tensor(
                    field.name(), first, field.shape().subList(1, field.shape().size()));
            for (int i = 0; i < tensor.width(); i++) {
                names.add(field.name() == null ? Integer.toString(i) : "%s[%d]".formatted(field.name(), i));
                types[first + i] = type(field.dtype());
            }
            tensors.add(tensor);
            first += tensor.width();
        }
        return new InputSchema(names, tensors, types, required, false);
    }

    private static DataType type(String dtype) {
        return switch (dtype) {
            case "float64" -> DataType.DOUBLE;
            case "int64", "uint32" -> DataType.LONG;
            case "int32", "int16", "int8", "uint16", "uint8" -> DataType.INTEGER;
            case "bool" -> DataType.BOOLEAN;
            default -> DataType.FLOAT;
        };
    }

    /** The tensors of the signature; empty where it has columns. */
    List<Tensor> tensors() {
        return tensors;
    }

    /** Whether a request's rows are anything else than flat rows of numbers or objects. */
    boolean isNested() {
        return tensors.size() > 1
                || tensors.stream().anyMatch(tensor -> tensor.shape().size() != 1);
    }

    int width() {
        return types.length;
    }

    /** Whether columns are found by name; else by place. */
    boolean isNamed() {
        return named;
    }

    List<String> names() {
        return names;
    }

    /** The column called {@code name}, or -1. */
    int index(String name) {
        return indexes.getOrDefault(name, -1);
    }

    String name(int column) {
        return names.get(column);
    }

    DataType type(int column) {
        return types[column];
    }

    boolean isRequired(int column) {
        return required[column];
    }

    /** Whether a value may be missing: whole numbers and booleans cannot say so. */
    boolean mayBeMissing(int column) {
        return !required[column] || types[column] == DataType.DOUBLE || types[column] == DataType.FLOAT;
    }
}
