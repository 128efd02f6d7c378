package dev.arclight.base.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.Collection;

/** JSON for the page's script. */
final class Json {
    /** More than a screen can show, and half the size of a double's full text. */
    private static final MathContext DIGITS = new MathContext(7);

    private Json() {}

    static ObjectNode object(String kind) {
        return JsonNodeFactory.instance.objectNode().put("kind", kind);
    }

    static ObjectNode axis(Axis axis) {
        return JsonNodeFactory.instance.objectNode().put("title", axis.title()).put("log", axis.logarithmic());
    }

    /** What is not finite becomes null, which charts leave out. */
    static ArrayNode numbers(double[] values) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode(values.length);
        for (double value : values) {
            if (Double.isFinite(value)) {
                double rounded = new BigDecimal(value).round(DIGITS).doubleValue();
                if (rounded == Math.rint(rounded) && Math.abs(rounded) < 1e15) {
                    array.add((long) rounded);
                } else {
                    array.add(rounded);
                }
            } else {
                array.addNull();
            }
        }
        return array;
    }

    /** As {@link #numbers(double[])}, and null too what the axis has no place for. */
    static ArrayNode numbers(double[] values, Axis axis) {
        return numbers(Arrays.stream(values)
                .map(value -> axis.holds(value) ? value : Double.NaN)
                .toArray());
    }

    static ArrayNode texts(Collection<String> values) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode(values.size());
        values.forEach(array::add);
        return array;
    }

    /**
     * Text of a node that may stand inside a script element: no character in it can end the element, begin a comment,
     * or end a line.
     */
    static String inScript(ObjectNode node) {
        return node.toString()
                .replace("&", "\\u0026")
                .replace("<", "\\u003c")
                .replace(">", "\\u003e")
                .replace("\u2028", "\\u2028")
                .replace("\u2029", "\\u2029");
    }
}
