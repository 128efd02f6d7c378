package dev.arclight.base.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** One line a trial through one axis a parameter, coloured by the objective, the best on top. */
public final class ParallelChart extends Chart {
    private final Dimension objective;
    private final List<Dimension> dimensions = new ArrayList<>();
    private List<String> labels;
    private boolean lowerIsBetter;

    /** Numbers, or, where {@code words} is not empty, words; one a trial. */
    private record Dimension(Axis axis, List<Double> values, List<String> words) {
        int size() {
            return words.isEmpty() ? values.size() : words.size();
        }

        Object at(int trial) {
            return words.isEmpty() ? values.get(trial) : words.get(trial);
        }
    }

    ParallelChart(String title, Axis objective, double[] values) {
        super(title);
        this.objective = new Dimension(objective, Shapes.boxed(values), List.of());
        this.labels = IntStream.rangeClosed(1, values.length)
                .mapToObj(trial -> "trial " + trial)
                .toList();
    }

    /** Adds an axis before the objective's. */
    public ParallelChart axis(Axis axis, double... values) {
        return add(new Dimension(axis, Shapes.boxed(values), List.of()));
    }

    /** Adds an axis of choices before the objective's. */
    public ParallelChart axis(Axis axis, List<String> values) {
        return add(new Dimension(axis, List.of(), List.copyOf(values)));
    }

    /** Names the lines; without names they are {@code trial 1}, {@code trial 2} and so on. */
    public ParallelChart labels(List<String> names) {
        Shapes.same("labels", names.size(), "trials", objective.size(), title());
        labels = List.copyOf(names);
        return this;
    }

    /** The objective is a loss: the strongest colour goes to its lowest value, not to its highest. */
    public ParallelChart lowerIsBetter() {
        lowerIsBetter = true;
        return this;
    }

    @Override
    public ParallelChart caption(String text) {
        super.caption(text);
        return this;
    }

    @Override
    ObjectNode spec() {
        ObjectNode spec = Json.object("parallel").put("lowerIsBetter", lowerIsBetter);
        spec.set("labels", Json.texts(labels));
        ArrayNode axes = spec.putArray("axes");
        for (Dimension dimension : all()) {
            ObjectNode one = axes.addObject();
            one.setAll(Json.axis(dimension.axis()));
            if (dimension.words().isEmpty()) {
                one.set("values", Json.numbers(Shapes.array(dimension.values()), dimension.axis()));
            } else {
                one.set("words", Json.texts(dimension.words()));
            }
        }
        return spec;
    }

    @Override
    Table data() {
        List<Column> columns = new ArrayList<>();
        columns.add(Column.text(""));
        for (Dimension dimension : all()) {
            String name = dimension.axis().title();
            columns.add(dimension.words().isEmpty() ? Column.number(name) : Column.text(name));
        }
        Table table = Table.of(columns).sortable();
        for (int i = 0; i < objective.size(); i++) {
            List<Object> row = new ArrayList<>();
            row.add(labels.get(i));
            for (Dimension dimension : all()) {
                row.add(dimension.at(i));
            }
            table.row(row.toArray());
        }
        return table;
    }

    @Override
    String summary() {
        return "Parallel coordinates of %d trials over %d parameters; %s runs from %s."
                .formatted(
                        objective.size(),
                        dimensions.size(),
                        objective.axis().title(),
                        Shapes.range(Shapes.array(objective.values())));
    }

    private ParallelChart add(Dimension dimension) {
        Shapes.same("values of " + dimension.axis().title(), dimension.size(), "trials", objective.size(), title());
        dimensions.add(dimension);
        return this;
    }

    private List<Dimension> all() {
        List<Dimension> all = new ArrayList<>(dimensions);
        all.add(objective);
        return all;
    }
}
