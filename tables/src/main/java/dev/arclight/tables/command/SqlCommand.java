package dev.arclight.tables.command;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import dev.arclight.engine.Arclight;
import dev.arclight.engine.EngineOptions;
import dev.arclight.tables.lake.LakeLibraries;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code arclight sql}. */
@Command(
        name = "sql",
        description = {
            "Run a query over files. Each --table gives a file, folder or pattern a name: Parquet, CSV with a header"
                    + " (.csv, .tsv), JSON lines (.json, .jsonl), delta:DIR, with @VERSION for an old"
                    + " version (add-ons, see 'arclight install').",
            ""
        },
        sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class SqlCommand implements ArclightCommand {
    /** How rows are written to standard output. */
    enum Format {
        TABLE,
        CSV,
        JSON
    }

    @Parameters(paramLabel = "QUERY", description = "Spark SQL.")
    private String query;

    @Option(names = "--table", paramLabel = "NAME=PATH", description = "A table of the query; may be repeated.")
    private Map<String, String> tables = new LinkedHashMap<>();

    @Option(
            names = "--format",
            defaultValue = "table",
            description = "Of standard output: table, csv or json, one object a line (default: ${DEFAULT-VALUE}).")
    private Format format;

    @Option(
            names = "--output",
            paramLabel = "DIR",
            description = "Write Parquet to this folder, or the table delta:DIR, replaced as a whole, instead"
                    + " of standard output. A folder that is no table is refused.")
    private @Nullable String output;

    @Option(names = "--explain", description = "Show the plan instead of running it.")
    private boolean explain;

    @Mixin
    private EngineOptions engine;

    @Override
    public int run(CommandContext context) {
        List<String> places = new ArrayList<>(tables.values());
        if (output != null) {
            places.add(output);
        }
        try (Arclight arclight = engine.start("sql", context, LakeLibraries.forTables(places, System.getenv()))) {
            tables.forEach((name, path) -> view(AnyTable.open(arclight.spark(), path), name));
            Dataset<Row> rows = query(arclight);
            if (explain) {
                context.out()
                        .println(rows.queryExecution()
                                .explainString(org.apache.spark.sql.execution.ExplainMode.fromString("formatted")));
            } else if (output != null) {
                AnyTable.write(rows, output);
                context.out().println("Written: " + output);
            } else {
                print(rows, context.out());
            }
            return 0;
        }
    }

    private static void view(Dataset<Row> rows, String name) {
        try {
            rows.createOrReplaceTempView(name);
        } catch (Exception e) { // Spark's analysis errors are checked and not declared
            throw new ArclightException(ErrorCode.BAD_INPUT, "--table: '%s' is no name for a table".formatted(name), e);
        }
    }

    private Dataset<Row> query(Arclight arclight) {
        try {
            return arclight.spark().sql(query);
        } catch (Exception e) { // Spark's parse and analysis errors are checked and not declared
            throw new ArclightException(
                    ErrorCode.BAD_INPUT,
                    "The query cannot be run: "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
                    e);
        }
    }

    private void print(Dataset<Row> rows, PrintWriter out) {
        switch (format) {
            case JSON -> rows.toJSON().toLocalIterator().forEachRemaining(out::println);
            case CSV -> {
                out.println(String.join(",", quoted(List.of(rows.columns()))));
                each(rows, cells -> out.println(String.join(",", quoted(cells))));
            }
            case TABLE -> table(rows, out);
        }
    }

    private static void each(Dataset<Row> rows, java.util.function.Consumer<List<@Nullable String>> use) {
        Iterator<Row> all = rows.toLocalIterator();
        while (all.hasNext()) {
            Row row = all.next();
            List<@Nullable String> cells = new ArrayList<>();
            for (int c = 0; c < row.size(); c++) {
                Object value = row.get(c);
                cells.add(value == null ? null : value.toString());
            }
            use.accept(cells);
        }
    }

    private static List<String> quoted(List<? extends @Nullable String> cells) {
        List<String> quoted = new ArrayList<>();
        for (String cell : cells) {
            String text = cell == null ? "" : cell;
            boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
            quoted.add(plain && (cell == null || !text.isEmpty()) ? text : '"' + text.replace("\"", "\"\"") + '"');
        }
        return quoted;
    }

    /** Widths come from the first thousand rows; a wider cell after these stands out. */
    private static void table(Dataset<Row> rows, PrintWriter out) {
        StructField[] fields = rows.schema().fields();
        int[] widths = new int[fields.length];
        for (int c = 0; c < fields.length; c++) {
            widths[c] = Math.max(1, fields[c].name().length());
        }
        List<List<@Nullable String>> first = new ArrayList<>();
        long[] count = new long[1];
        each(rows, cells -> {
            count[0]++;
            if (first.size() < 1_000) {
                first.add(cells);
                for (int c = 0; c < cells.size(); c++) {
                    String cell = cells.get(c);
                    widths[c] = Math.max(widths[c], cell == null ? 4 : Math.min(60, cell.length()));
                }
                return;
            }
            if (first.size() == 1_000 && count[0] == 1_001) {
                head(fields, widths, first, out);
            }
            line(fields, widths, cells, out);
        });
        if (count[0] <= 1_000) {
            head(fields, widths, first, out);
        }
        out.printf("%,d %s%n", count[0], count[0] == 1 ? "row" : "rows");
    }

    private static void head(StructField[] fields, int[] widths, List<List<@Nullable String>> rows, PrintWriter out) {
        List<@Nullable String> names = new ArrayList<>();
        StringBuilder rule = new StringBuilder();
        for (int c = 0; c < fields.length; c++) {
            names.add(fields[c].name());
            rule.append(c == 0 ? "" : "  ").append("-".repeat(widths[c]));
        }
        line(fields, widths, names, out);
        out.println(rule);
        rows.forEach(row -> line(fields, widths, row, out));
    }

    private static void line(StructField[] fields, int[] widths, List<@Nullable String> cells, PrintWriter out) {
        StringBuilder line = new StringBuilder();
        for (int c = 0; c < cells.size(); c++) {
            String cell =
                    cells.get(c) == null ? "null" : String.valueOf(cells.get(c)).replaceAll("\\R", " ");
            String space = " ".repeat(Math.max(0, widths[c] - cell.length()));
            boolean right = fields[c].dataType() instanceof NumericType;
            line.append(c == 0 ? "" : "  ").append(right ? space + cell : cell + space);
        }
        out.println(line.toString().stripTrailing());
    }
}
