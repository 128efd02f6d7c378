package dev.arclight.track.search;

import java.util.List;

/** What a field is compared with. */
public sealed interface Operand {
    /** Text as it stands between the quotes. */
    record Text(String value) implements Operand {}

    /** An integer is exact up to 2^53. */
    record Numeric(double value) implements Operand {}

    /** At least one text. */
    record Texts(List<String> values) implements Operand {
        public Texts {
            values = List.copyOf(values);
        }
    }

    /** For {@code IS NULL} and {@code IS NOT NULL}. */
    record Nothing() implements Operand {}
}
