package dev.arclight.serve;

import dev.arclight.model.DataType;
import dev.arclight.model.Field;
import dev.arclight.model.Signature;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What the columns of a request must be: a model's signature, made ready for rows to be read by. Immutable. */
final class InputSchema {
    private final List<String> names;
    private final Map<String, Integer> indexes = new HashMap<>();
    private final DataType[] types;
    private final boolean[] required;
    private final boolean named;

    private InputSchema(List<String> names, DataType[] types, boolean[] required, boolean named) {
        this.names = List.copyOf(names);
        this.types = types;
        this.required = required;
        this.named = named;
        for (int i = 0; i < names.size(); i++) {
            indexes.put(names.get(i), i);
        }
    }

    /** The schema of a signature whose inputs are numeric columns or one tensor of shape (-1, features). */
    static InputSchema of(Signature signature, int features) {
        List<Field.Column> columns = signature.columns().orElse(List.of());
        List<String> names = new ArrayList<>();
        DataType[] types = new DataType[features];
        boolean[] required = new boolean[features];
        boolean named = !columns.isEmpty() && columns.stream().allMatch(column -> column.name() != null);
        for (int i = 0; i < features; i++) {
            names.add(named ? Objects.requireNonNull(columns.get(i).name()) : Integer.toString(i));
            types[i] = columns.isEmpty() ? DataType.FLOAT : columns.get(i).type();
            required[i] = columns.isEmpty() || columns.get(i).required();
        }
        return new InputSchema(names, types, required, named);
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
