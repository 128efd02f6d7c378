package dev.arclight.model;

import dev.arclight.base.ArclightException;
import java.util.Locale;

/** The scalar types of MLflow's signatures. */
public enum DataType {
    BOOLEAN,
    /** 32-bit signed. */
    INTEGER,
    /** 64-bit signed. */
    LONG,
    /** 32-bit floating point. */
    FLOAT,
    /** 64-bit floating point. */
    DOUBLE,
    STRING,
    BINARY,
    DATETIME;

    /** MLflow's name, such as {@code double}. */
    public String mlflowName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether values are numbers (or true and false, which count as 1 and 0). */
    public boolean isNumeric() {
        return this != STRING && this != BINARY && this != DATETIME;
    }

    /**
     * The type that MLflow calls {@code name}.
     *
     * @throws ArclightException {@link dev.arclight.base.ErrorCode#BAD_INPUT} if there is none, or it is nested
     */
    public static DataType of(String name) {
        for (DataType type : values()) {
            if (type.mlflowName().equals(name)) {
                return type;
            }
        }
        throw ArclightException.badInput(
                "The signature has the type '%s', which is not supported: columns here are boolean, integer, long, float, double, string, binary or datetime"
                        .formatted(name));
    }
}
