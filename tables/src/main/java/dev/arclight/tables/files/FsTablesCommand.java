package dev.arclight.tables.files;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.arclight.base.ArclightException;
import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import dev.arclight.base.progress.Progress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.fs.FileStatus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code arclight fs tables}. */
@Command(
        name = "tables",
        description = {
            "Find the folders that hold tables (Delta, Parquet, CSV), with files, bytes, rows and columns. Rows come from"
                    + " Parquet footers and Delta's log; CSV files are not counted.",
            ""
        },
        sortOptions = false)
final class FsTablesCommand implements ArclightCommand {
    @Option(names = "--columns", description = "Each table's columns, too.")
    private boolean columns;

    @Option(names = "--json", description = "Print one JSON object a table.")
    private boolean json;

    @Option(
            names = "--footers",
            paramLabel = "N",
            defaultValue = "200",
            description = "Count the rows of a Parquet table of at most so many files (default: ${DEFAULT-VALUE}).")
    private int footers;

    @Parameters(arity = "1..*", paramLabel = "PATH", description = "Folders or patterns.")
    private List<String> paths = List.of();

    @Mixin
    private FsOptions options = new FsOptions();

    @Override
    public int run(CommandContext context) throws IOException {
        List<FoundTable> found = new ArrayList<>();
        try (Progress.Task task = context.progress().start("Look for tables", 0, "entries")) {
            for (String path : paths) {
                for (FileStatus named : options.named(path)) {
                    if (named.isFile()) {
                        throw ArclightException.badInput("%s is a file, expected a folder".formatted(path));
                    }
                    new TableFinder(options.files(named.getPath()), footers, task).find(named, found::add);
                }
            }
        }
        if (json) {
            ObjectMapper mapper = new ObjectMapper();
            for (FoundTable table : found) {
                context.out().println(mapper.writeValueAsString(fields(table)));
            }
            return 0;
        }
        context.out().printf("%-8s %15s %10s %12s  %s%n", "format", "rows", "files", "size", "table");
        for (FoundTable table : found) {
            context.out()
                    .printf(
                            "%-8s %15s %,10d %12s  %s%s%n",
                            table.kind().name().toLowerCase(Locale.ROOT),
                            table.rows().isPresent()
                                    ? "%,d".formatted(table.rows().getAsLong())
                                    : "?",
                            table.files(),
                            FsOptions.size(table.bytes()),
                            Tree.shown(table.folder()),
                            table.partitions().isEmpty() ? "" : " by " + String.join(", ", table.partitions()));
            if (columns) {
                table.columns().forEach(column -> context.out().println("           " + column));
            }
        }
        return 0;
    }

    private static Map<String, Object> fields(FoundTable table) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("path", Tree.shown(table.folder()));
        fields.put("format", table.kind().name().toLowerCase(Locale.ROOT));
        table.rows().ifPresent(rows -> fields.put("rows", rows));
        fields.put("files", table.files());
        fields.put("bytes", table.bytes());
        fields.put("partitions", table.partitions());
        fields.put("columns", table.columns());
        return fields;
    }
}
