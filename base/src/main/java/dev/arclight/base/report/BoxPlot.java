package dev.arclight.base.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Boxes of quartiles with whiskers, one a category and group: each feature, by label. */
public final class BoxPlot extends Chart {
    private final Axis value;
    private final List<String> categories;
    private final List<Group> groups = new ArrayList<>();

    private record Group(String name, List<FiveNumbers> boxes) {}

    BoxPlot(String title, Axis value, List<String> categories) {
        super(title);
        this.value = value;
        this.categories = List.copyOf(categories);
    }

    /** Adds one box to each category; those of one group share a colour and stand beside those of the others. */
    public BoxPlot group(String name, List<FiveNumbers> boxes) {
        Shapes.same("boxes", boxes.size(), "categories", categories.size(), title());
        groups.add(new Group(name, List.copyOf(boxes)));
        return this;
    }

    /** Adds one box to each category; those of one group share a colour and stand beside those of the others. */
    public BoxPlot group(String name, FiveNumbers... boxes) {
        return group(name, List.of(boxes));
    }

    @Override
    public BoxPlot caption(String text) {
        super.caption(text);
        return this;
    }

    @Override
    ObjectNode spec() {
        ObjectNode spec = Json.object("box");
        spec.set("value", Json.axis(value));
        spec.set("categories", Json.texts(categories));
        ArrayNode all = spec.putArray("groups");
        for (Group group : groups) {
            ArrayNode boxes = all.addObject().put("name", group.name()).putArray("boxes");
            for (FiveNumbers box : group.boxes()) {
                double[] values = box.values();
                if (Arrays.stream(values).allMatch(value::holds)) {
                    boxes.add(Json.numbers(values));
                } else {
                    boxes.addNull();
                }
            }
        }
        return spec;
    }

    @Override
    Table data() {
        Table table = Table.of(
                Column.text(""),
                Column.text("group"),
                Column.number("low"),
                Column.number("lower quartile"),
                Column.number("median"),
                Column.number("upper quartile"),
                Column.number("high"));
        for (int i = 0; i < categories.size(); i++) {
            for (Group group : groups) {
                FiveNumbers box = group.boxes().get(i);
                table.row(
                        categories.get(i),
                        group.name(),
                        box.low(),
                        box.lowerQuartile(),
                        box.median(),
                        box.upperQuartile(),
                        box.high());
            }
        }
        return table;
    }

    @Override
    String summary() {
        if (categories.size() > 1) {
            return "Box plot of %d categories in %d groups.".formatted(categories.size(), groups.size());
        }
        return "Box plot; medians: "
                + groups.stream()
                        .map(group -> group.name()
                                + " "
                                + Numbers.general(group.boxes().get(0).median()))
                        .collect(Collectors.joining(", "))
                + ".";
    }
}
