package dev.arclight.base.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A matrix as coloured cells, first row on top. */
public final class HeatMap extends Chart {
    private final List<String> rows;
    private final List<String> columns;
    private final double[][] matrix;
    private final boolean diverging;

    HeatMap(String title, List<String> rows, List<String> columns, double[][] matrix, boolean diverging) {
        super(title);
        Shapes.same("rows", matrix.length, "names", rows.size(), title);
        for (double[] row : matrix) {
            Shapes.same("cells of a row", row.length, "names", columns.size(), title);
        }
        this.rows = List.copyOf(rows);
        this.columns = List.copyOf(columns);
        this.matrix = Arrays.stream(matrix).map(double[]::clone).toArray(double[][]::new);
        this.diverging = diverging;
    }

    @Override
    public HeatMap caption(String text) {
        super.caption(text);
        return this;
    }

    @Override
    ObjectNode spec() {
        ObjectNode spec = Json.object("heat").put("diverging", diverging);
        spec.set("rows", Json.texts(rows));
        spec.set("columns", Json.texts(columns));
        ArrayNode values = spec.putArray("values");
        for (double[] row : matrix) {
            values.add(Json.numbers(row));
        }
        return spec;
    }

    @Override
    Table data() {
        List<Column> heads = new ArrayList<>();
        heads.add(Column.text(""));
        columns.forEach(name -> heads.add(Column.number(name)));
        Table table = Table.of(heads);
        for (int i = 0; i < rows.size(); i++) {
            List<Object> cells = new ArrayList<>();
            cells.add(rows.get(i));
            cells.addAll(Shapes.boxed(matrix[i]));
            table.row(cells.toArray());
        }
        return table;
    }

    @Override
    String summary() {
        String shape = "Heat map of %d by %d cells".formatted(rows.size(), columns.size());
        if (!diverging) {
            double[] all = Arrays.stream(matrix).flatMapToDouble(Arrays::stream).toArray();
            return shape + ", from " + Shapes.range(all) + ".";
        }
        int r = -1;
        int c = -1;
        for (int i = 0; i < rows.size(); i++) {
            for (int j = 0; j < i; j++) {
                if (Double.isFinite(matrix[i][j]) && (r < 0 || Math.abs(matrix[i][j]) > Math.abs(matrix[r][c]))) {
                    r = i;
                    c = j;
                }
            }
        }
        return r < 0
                ? shape + "."
                : "%s; the strongest pair is %s and %s with %s."
                        .formatted(shape, rows.get(r), columns.get(c), Numbers.fixed(matrix[r][c], 2));
    }
}
