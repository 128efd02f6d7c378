package dev.arclight.base.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tables as HTML. */
final class TableHtml {
    /** Rows shown before the reader asks for the rest. */
    private static final int FIRST_ROWS = 12;

    /** Rows of a chart's numbers: a chart may have thousands of points, and its picture is the place for them. */
    private static final int MOST_NUMBERS = 500;

    /** Characters from which on a cell may break into lines. */
    private static final int LONG = 40;

    private TableHtml() {}

    static void write(StringBuilder html, Table table) {
        boolean fold = table.rows().size() > FIRST_ROWS + 3;
        html.append(fold ? "<div class=\"table folded\">\n" : "<div class=\"table\">\n");
        body(html, table, table.rows(), fold ? FIRST_ROWS : Integer.MAX_VALUE);
        if (fold) {
            html.append("<button type=\"button\" class=\"more\" hidden aria-expanded=\"false\">Show all ")
                    .append(Numbers.fixed(table.rows().size(), 0))
                    .append(" rows</button>\n");
        }
        html.append("</div>\n");
    }

    static void writeNumbers(StringBuilder html, Table table) {
        int size = table.rows().size();
        html.append("<div class=\"table numbers\">\n");
        body(html, table, table.rows().subList(0, Math.min(size, MOST_NUMBERS)), Integer.MAX_VALUE);
        if (size > MOST_NUMBERS) {
            html.append("<p class=\"quiet\">The first %s of %s rows.</p>\n"
                    .formatted(Numbers.fixed(MOST_NUMBERS, 0), Numbers.fixed(size, 0)));
        }
        html.append("</div>\n");
    }

    private static void body(StringBuilder html, Table table, List<List<@Nullable Object>> rows, int firstRows) {
        html.append("<div class=\"scroll\" tabindex=\"0\"><table")
                .append(table.isSortable() ? " class=\"sortable\">" : ">");
        if (!table.caption().isEmpty()) {
            html.append("<caption>").append(Html.escaped(table.caption())).append("</caption>");
        }
        html.append("<thead><tr>");
        for (Column column : table.columns()) {
            html.append(column.isNumeric() ? "<th scope=\"col\" class=\"n\">" : "<th scope=\"col\">")
                    .append(Html.escaped(column.name()))
                    .append("</th>");
        }
        html.append("</tr></thead>\n<tbody>\n");
        for (int i = 0; i < rows.size(); i++) {
            html.append(i < firstRows ? "<tr>" : "<tr class=\"rest\">");
            for (int j = 0; j < table.columns().size(); j++) {
                cell(html, table.columns().get(j), rows.get(i).get(j), table.isSortable());
            }
            html.append("</tr>\n");
        }
        html.append("</tbody></table></div>\n");
    }

    private static void cell(StringBuilder html, Column column, @Nullable Object value, boolean sortable) {
        String shown = value instanceof Text text ? text.toString() : shown(column, value);
        String style = column.isNumeric() ? "n" : shown.length() > LONG ? "long" : "";
        html.append(style.isEmpty() ? "<td" : "<td class=\"" + style + "\"");
        if (sortable && value instanceof Number number && Double.isFinite(number.doubleValue())) {
            html.append(" data-value=\"").append(number.doubleValue()).append('"');
        }
        html.append('>');
        if (column.format() == Column.Format.CODE && value != null) {
            html.append("<code>").append(Html.escaped(shown)).append("</code>");
        } else if (value instanceof Text text) {
            html.append(Html.of(text));
        } else {
            html.append(Html.escaped(shown));
        }
        html.append("</td>");
    }

    private static String shown(Column column, @Nullable Object value) {
        if (value == null) {
            return Numbers.NONE;
        }
        if (!(value instanceof Number number)) {
            return value.toString();
        }
        double amount = number.doubleValue();
        return switch (column.format()) {
            case NUMBER -> Numbers.general(amount);
            case FIXED -> Numbers.fixed(amount, column.decimals());
            case PERCENT -> Numbers.percent(amount, column.decimals());
            case TEXT, CODE -> value.toString();
        };
    }
}
