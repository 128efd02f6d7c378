package dev.arclight.tables.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import dev.arclight.base.progress.Progress;
import dev.arclight.base.report.Axis;
import dev.arclight.base.report.Charts;
import dev.arclight.base.report.Column;
import dev.arclight.base.report.HistogramChart;
import dev.arclight.base.report.Report;
import dev.arclight.base.report.Table;
import dev.arclight.engine.Arclight;
import dev.arclight.engine.EngineOptions;
import dev.arclight.tables.lake.LakeLibraries;
import dev.arclight.tables.profile.ColumnProfile;
import dev.arclight.tables.profile.Profile;
import dev.arclight.tables.profile.ProfileOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code arclight profile}. */
@Command(
        name = "profile",
        description = {
            "A table in numbers: rows, gaps, distinct and frequent values, spread, correlations, duplicates. Parquet, CSV"
                    + " with a header or JSON lines.",
            ""
        },
        sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class ProfileCommand implements ArclightCommand {
    @Parameters(paramLabel = "PATH", description = "File, folder or pattern.")
    private String path;

    @Option(names = "--out", paramLabel = "FILE", description = "Write a page with charts.")
    private @Nullable Path out;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Mixin
    private EngineOptions engine;

    @Override
    public int run(CommandContext context) throws Exception {
        try (Arclight arclight =
                engine.start("profile", context, LakeLibraries.forTables(List.of(path), System.getenv()))) {
            Profile profile;
            try (Progress.Task task = context.progress().start("Profile", 0, "rows")) {
                profile = Profile.of(AnyTable.open(arclight.spark(), path), ProfileOptions.defaults());
                task.advance(profile.rows());
            }
            if (out != null) {
                page(profile, out);
                context.err().println("Page: " + out);
            }
            if (json) {
                context.out().println(new ObjectMapper().writeValueAsString(summary(profile)));
                return 0;
            }
            context.out()
                    .printf(
                            "%,d rows, %,d duplicates%n%n",
                            profile.rows(), profile.duplicates().orElse(0));
            context.out().printf("%-26s %-16s %10s %10s  %s%n", "column", "type", "nulls", "distinct", "range");
            for (ColumnProfile column : profile.columns()) {
                context.out()
                        .printf(
                                "%-26s %-16s %,10d %,10d  %s%n",
                                column.name(), column.type(), column.nulls(), column.distinct(), range(column));
            }
            return 0;
        }
    }

    private static String range(ColumnProfile column) {
        return column.smallest().isEmpty()
                ? ""
                : column.smallest().get() + " .. " + column.largest().orElse("");
    }

    private static Map<String, Object> summary(Profile profile) {
        List<Object> columns = new ArrayList<>();
        for (ColumnProfile column : profile.columns()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("name", column.name());
            one.put("type", column.type());
            one.put("nulls", column.nulls());
            one.put("distinct", column.distinct());
            column.smallest().ifPresent(value -> one.put("smallest", value));
            column.largest().ifPresent(value -> one.put("largest", value));
            column.numbers().ifPresent(numbers -> {
                one.put("mean", numbers.mean());
                one.put("deviation", numbers.deviation());
                one.put("quantiles", numbers.quantiles());
            });
            one.put("top", column.top());
            columns.add(one);
        }
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("rows", profile.rows());
        profile.duplicates().ifPresent(count -> all.put("duplicates", count));
        all.put("columns", columns);
        return all;
    }

    private void page(Profile profile, Path file) throws IOException {
        Report report = Report.titled("Profile").subtitle(path);
        report.fact("Rows", "%,d".formatted(profile.rows()))
                .fact("Columns", String.valueOf(profile.columns().size()))
                .fact("Duplicates", "%,d".formatted(profile.duplicates().orElse(0)));
        Table table = Table.of(
                Column.code("column"),
                Column.text("type"),
                Column.fixed("nulls", 0),
                Column.fixed("distinct", 0),
                Column.text("smallest"),
                Column.text("largest"),
                Column.text("most frequent"));
        List<HistogramChart> charts = new ArrayList<>();
        for (ColumnProfile column : profile.columns()) {
            table.row(
                    column.name(),
                    column.type(),
                    column.nulls(),
                    column.distinct(),
                    column.smallest().orElse(""),
                    column.largest().orElse(""),
                    column.top().isEmpty() ? "" : column.top().get(0).value());
            column.numbers()
                    .ifPresent(numbers -> charts.add(Charts.histogram(
                            column.name(),
                            Axis.of(column.name()),
                            numbers.histogram().edges().stream()
                                    .mapToDouble(Double::doubleValue)
                                    .toArray(),
                            numbers.histogram().counts().stream()
                                    .mapToDouble(Double::doubleValue)
                                    .toArray())));
        }
        report.section("Columns").table(table.sortable());
        if (!charts.isEmpty()) {
            report.section("How numbers are spread").charts(charts);
        }
        profile.correlations()
                .ifPresent(correlations -> report.section("What goes together")
                        .chart(Charts.correlations(
                                "Correlations",
                                correlations.columns(),
                                correlations.matrix().stream()
                                        .map(row -> row.stream()
                                                .mapToDouble(Double::doubleValue)
                                                .toArray())
                                        .toArray(double[][]::new))));
        report.write(file);
    }
}
