package dev.arclight.base.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** Bars from zero, one a category and series. */
public final class BarChart extends Chart {
    private final Axis value;
    private final List<String> categories;
    private final List<Series> series = new ArrayList<>();
    private String categoryTitle = "";
    private boolean horizontal;

    private record Series(String name, List<Double> values) {}

    BarChart(String title, Axis value, List<String> categories) {
        super(title);
        this.value = value;
        this.categories = List.copyOf(categories);
    }

    /** Adds one bar to each category. */
    public BarChart series(String name, double... values) {
        Shapes.same("values", values.length, "categories", categories.size(), title());
        series.add(new Series(name, Shapes.boxed(values)));
        return this;
    }

    /** Lays the bars on their side, first category on top: room for long names. */
    public BarChart horizontal() {
        horizontal = true;
        return this;
    }

    /** Names what the categories are. */
    public BarChart categoryTitle(String text) {
        categoryTitle = text;
        return this;
    }

    @Override
    public BarChart caption(String text) {
        super.caption(text);
        return this;
    }

    @Override
    ObjectNode spec() {
        ObjectNode spec = Json.object("bar").put("horizontal", horizontal).put("categoryTitle", categoryTitle);
        spec.set("value", Json.axis(value));
        spec.set("categories", Json.texts(categories));
        ArrayNode all = spec.putArray("series");
        for (Series one : series) {
            all.addObject().put("name", one.name()).set("values", Json.numbers(Shapes.array(one.values()), value));
        }
        return spec;
    }

    @Override
    Table data() {
        List<Column> columns = new ArrayList<>();
        columns.add(Column.text(categoryTitle));
        series.forEach(one -> columns.add(Column.number(one.name())));
        Table table = Table.of(columns);
        for (int i = 0; i < categories.size(); i++) {
            List<Object> row = new ArrayList<>();
            row.add(categories.get(i));
            for (Series one : series) {
                row.add(one.values().get(i));
            }
            table.row(row.toArray());
        }
        return table;
    }

    @Override
    String summary() {
        if (series.size() != 1) {
            return "Bar chart of %d categories in %d series.".formatted(categories.size(), series.size());
        }
        List<Double> values = series.get(0).values();
        int largest = Shapes.indexOfLargest(Shapes.array(values));
        return "Bar chart of %d categories%s."
                .formatted(
                        categories.size(),
                        largest < 0
                                ? ""
                                : "; largest is %s with %s"
                                        .formatted(categories.get(largest), Numbers.general(values.get(largest))));
    }
}
