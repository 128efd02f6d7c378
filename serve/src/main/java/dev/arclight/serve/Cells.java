package dev.arclight.serve;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.arclight.model.DataType;
import dev.arclight.web.HttpError;
import java.io.IOException;

/**
 * Turns one value of a request into the float that the model sees, as MLflow's server and XGBoost in Python do: to the
 * column's type first, then to float32. Stricter where they lose something in silence: fractions in columns of whole
 * numbers and numbers too large for float32 are refused.
 */
final class Cells {
    private final InputSchema schema;

    Cells(InputSchema schema) {
        this.schema = schema;
    }

    /** The value at which {@code in} stands. */
    float read(JsonParser in, JsonToken token, int row, int column) throws IOException {
        return switch (token) {
            case VALUE_NUMBER_FLOAT -> number(in.getDoubleValue(), row, column);
            case VALUE_NUMBER_INT -> whole(in, row, column);
            case VALUE_NULL -> missing(row, column);
            case VALUE_TRUE -> 1;
            case VALUE_FALSE -> 0;
            case VALUE_STRING -> text(in.getText(), row, column);
            case START_ARRAY -> throw refused(row, column, "an array", "is no single value");
            default -> throw refused(row, column, "an object", "is no single value");
        };
    }

    /** A value of a parsed body. */
    float read(JsonNode value, int row, int column) {
        if (value.isIntegralNumber() && value.canConvertToLong()) {
            return whole(value.longValue(), row, column);
        }
        if (value.isNumber()) {
            return number(value.doubleValue(), row, column);
        }
        if (value.isBoolean()) {
            return value.booleanValue() ? 1 : 0;
        }
        if (value.isNull()) {
            return missing(row, column);
        }
        if (value.isTextual()) {
            return text(value.textValue(), row, column);
        }
        throw refused(row, column, value.isArray() ? "an array" : "an object", "is no single value");
    }

    /** A value written as text, as in CSV. */
    float text(String text, int row, int column) {
        String stripped = text.strip();
        if (stripped.equalsIgnoreCase("nan")) {
            return missing(row, column);
        }
        if (stripped.equalsIgnoreCase("true") && schema.type(column) == DataType.BOOLEAN) {
            return 1;
        }
        if (stripped.equalsIgnoreCase("false") && schema.type(column) == DataType.BOOLEAN) {
            return 0;
        }
        // Double.parseDouble also takes 0x1p3, 1d and 1f, which are no numbers here.
        boolean plain = !stripped.isEmpty();
        for (int i = 0; i < stripped.length(); i++) {
            char c = stripped.charAt(i);
            plain &= (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+' || c == 'e' || c == 'E';
        }
        if (plain) {
            try {
                if (stripped.length() < 19
                        && stripped.indexOf('.') < 0
                        && stripped.indexOf('e') < 0
                        && stripped.indexOf('E') < 0) {
                    return whole(Long.parseLong(stripped), row, column);
                }
                return number(Double.parseDouble(stripped), row, column);
            } catch (NumberFormatException e) {
                // said below
            }
        }
        throw refused(row, column, "\"" + shorten(text) + "\"", "is no number");
    }

    /** A value that is not there. */
    float missing(int row, int column) {
        if (schema.mayBeMissing(column)) {
            return Float.NaN;
        }
        throw refused(
                row,
                column,
                "null",
                "is refused: a column of type %s cannot have missing values; declare it double in the signature if it can"
                        .formatted(schema.type(column).mlflowName()));
    }

    private float whole(JsonParser in, int row, int column) throws IOException {
        try {
            return whole(in.getLongValue(), row, column);
        } catch (InputCoercionException e) {
            if (schema.type(column) == DataType.DOUBLE || schema.type(column) == DataType.FLOAT) {
                return number(in.getDoubleValue(), row, column);
            }
            throw refused(row, column, shorten(in.getText()), "does not fit into 64 bits");
        }
    }

    /** A whole number. */
    float whole(long value, int row, int column) {
        DataType type = schema.type(column);
        if (type == DataType.INTEGER && value != (int) value) {
            throw refused(row, column, Long.toString(value), "does not fit into 32 bits");
        }
        if (type == DataType.BOOLEAN && value != 0 && value != 1) {
            throw refused(row, column, Long.toString(value), "is neither true nor false");
        }
        // Columns of doubles pass through double, as in Python; the two roundings differ past 2^53.
        return type == DataType.LONG ? value : (float) (double) value;
    }

    /** A number that may have a fraction. */
    float number(double value, int row, int column) {
        DataType type = schema.type(column);
        if (Double.isNaN(value)) {
            return missing(row, column);
        }
        float narrow = (float) value;
        if (Float.isInfinite(narrow)) {
            throw refused(row, column, Double.toString(value), "is too large: the model computes with 32-bit numbers");
        }
        if (type == DataType.DOUBLE || type == DataType.FLOAT) {
            return narrow;
        }
        if (value != Math.rint(value) || Math.abs(value) >= 0x1p63) {
            throw refused(row, column, Double.toString(value), "is no value of type " + type.mlflowName());
        }
        return whole((long) value, row, column);
    }

    private HttpError refused(int row, int column, String value, String why) {
        return bad("Row %d, column '%s': %s %s".formatted(row, schema.name(column), value, why));
    }

    /** What a client gets for rows that cannot be scored. */
    static HttpError bad(String message) {
        return new HttpError(400, "BAD_REQUEST", message);
    }

    static String shorten(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }
}
