package dev.arclight.track.sql;

import dev.arclight.track.search.Comparison;
import dev.arclight.track.search.Operand;
import dev.arclight.track.search.Operator;
import java.util.ArrayList;
import java.util.List;

/** What the parts of a filter are in SQL. Values are always arguments, never text of the statement. */
final class Conditions {
    private final Dialect dialect;

    Conditions(Dialect dialect) {
        this.dialect = dialect;
    }

    /** A condition on a column and its arguments. */
    record Condition(String sql, List<Object> arguments) {}

    /** A text column compared. */
    Condition text(String column, Comparison comparison) {
        Operand operand = comparison.operand();
        if (operand instanceof Operand.Texts texts) {
            String marks = "?" + ", ?".repeat(texts.values().size() - 1);
            return new Condition(
                    "%s %s (%s)".formatted(column, comparison.operator().text(), marks),
                    new ArrayList<>(texts.values()));
        }
        String value = operand instanceof Operand.Text text ? text.value() : "";
        String sql = switch (comparison.operator()) {
            case LIKE -> dialect.like(column);
            case ILIKE -> dialect.ilike(column);
            default -> column + " " + comparison.operator().text() + " ?";
        };
        return new Condition(sql, List.of(value));
    }

    /** A number column compared. */
    Condition number(String column, Comparison comparison) {
        double value = comparison.operand() instanceof Operand.Numeric number ? number.value() : Double.NaN;
        return new Condition(column + " " + comparison.operator().text() + " ?", List.of(exact(value)));
    }

    /** A metric compared: NaN is unequal to all and else nothing. */
    Condition metric(String alias, Comparison comparison) {
        Condition plain = number(alias + ".value", comparison);
        String sql = comparison.operator() == Operator.NOT_EQUAL
                ? "(%s OR %s.is_nan = 1)".formatted(plain.sql(), alias)
                : "%s AND %s.is_nan = 0".formatted(plain.sql(), alias);
        return new Condition(sql, plain.arguments());
    }

    private static Object exact(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 0x1p53) {
            return (long) value;
        }
        return value;
    }
}
