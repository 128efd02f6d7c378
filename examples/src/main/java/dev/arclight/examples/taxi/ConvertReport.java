package dev.arclight.examples.taxi;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.arclight.base.report.Axis;
import dev.arclight.base.report.Charts;
import dev.arclight.base.report.Column;
import dev.arclight.base.report.Report;
import dev.arclight.base.report.Section;
import dev.arclight.base.report.Table;
import dev.arclight.tables.Quality;
import dev.arclight.tables.Reject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * What a conversion found, as {@code quality.json} and as a page.
 *
 * @param months trips by month
 * @param duplicatesCounted whether equal trips were looked for
 * @param unusable files that were left out, and why
 */
record ConvertReport(
        TaxiService service,
        Quality quality,
        Map<String, Month> months,
        boolean duplicatesCounted,
        Map<String, String> unusable) {
    /**
     * A month of the output.
     *
     * @param duplicates trips that are equal to an earlier one
     */
    record Month(long trips, long duplicates) {}

    private static final String OUT_OF_RANGE = "out_of_range_date";

    /** The folder name that stands for an input file: its own name, and a hash of its whole path. */
    static String key(String file) {
        CRC32 crc = new CRC32();
        crc.update(file.getBytes(StandardCharsets.UTF_8));
        String name = file.substring(file.lastIndexOf('/') + 1).replaceAll("[^A-Za-z0-9._-]", "_");
        return "%s-%08x".formatted(name, crc.getValue());
    }

    long duplicates() {
        return months.values().stream().mapToLong(Month::duplicates).sum();
    }

    long outOfRange() {
        return quality.rejected().getOrDefault(OUT_OF_RANGE, 0L);
    }

    String json() throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode root = mapper.createObjectNode();
        root.put("service", service.text()).put("rows_in", quality.rowsIn()).put("kept", quality.kept());
        root.set("rejected", mapper.valueToTree(quality.rejected()));
        root.put("out_of_range_dates", outOfRange());
        if (service != TaxiService.FHV) {
            root.put("negative_fares", quality.flagged().getOrDefault("negative_fare", 0L));
        }
        if (duplicatesCounted) {
            root.put("duplicate_trips", duplicates());
        }
        root.put("dropoff_before_pickup", quality.flagged().getOrDefault("dropoff_before_pickup", 0L));
        root.put("extra_empty_fields", quality.extraEmptyFields());
        root.set("coerced", mapper.valueToTree(quality.coerced()));
        root.set("rounded", mapper.valueToTree(quality.rounded()));
        ObjectNode byMonth = root.putObject("months");
        months.forEach((month, found) -> byMonth.put(month, found.trips()));
        root.set("unusable_files", mapper.valueToTree(unusable));
        ArrayNode files = root.putArray("files");
        for (Quality.FileQuality file : quality.files()) {
            ObjectNode one = files.addObject()
                    .put("file", file.file())
                    .put("format", file.format())
                    .put("rows_in", file.rowsIn())
                    .put("kept", file.kept());
            one.set("rejected", mapper.valueToTree(file.rejected()));
            one.set("renamed", mapper.valueToTree(file.renamed()));
            one.set("missing", mapper.valueToTree(file.missing()));
            one.set("left_out", mapper.valueToTree(file.unknown()));
        }
        ArrayNode samples = root.putArray("samples");
        for (Reject reject : quality.samples()) {
            samples.addObject()
                    .put("reason", reject.key())
                    .put("file", reject.file())
                    .put("line", reject.line())
                    .put("column", reject.column())
                    .put("value", reject.value())
                    .put("problem", reject.problem())
                    .put("row", reject.row());
        }
        return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    }

    void page(Path file) throws IOException {
        Report report = Report.titled("Conversion of %s trips".formatted(service.text()))
                .subtitle("%,d rows of %d files"
                        .formatted(quality.rowsIn(), quality.files().size()));
        long rejected = quality.rowsIn() - quality.kept();
        report.fact("Rows in", "%,d".formatted(quality.rowsIn()))
                .fact("Kept", "%,d".formatted(quality.kept()), share(quality.kept()))
                .fact("Rejected", "%,d".formatted(rejected), share(rejected));
        if (duplicatesCounted) {
            report.fact("Duplicate trips", "%,d".formatted(duplicates()), "kept, and counted");
        }
        if (!unusable.isEmpty()) {
            Section leftOut = report.section("Files left out");
            unusable.values().forEach(leftOut::warning); // each names its file
        }
        Section kept = report.section("What was kept");
        kept.chart(Charts.bar(
                        "Trips by month",
                        Axis.of("trips"),
                        List.copyOf(months.keySet()),
                        months.values().stream().mapToDouble(Month::trips).toArray())
                .caption("The folders that this run wrote."));
        Table changes = Table.of(
                Column.code("column"), Column.fixed("written in another form", 0), Column.fixed("digits rounded", 0));
        for (var column : service.table().columns()) {
            Long coerced = quality.coerced().get(column.name());
            Long rounded = quality.rounded().get(column.name());
            if (coerced != null || rounded != null) {
                changes.row(column.name(), coerced == null ? 0 : coerced, rounded == null ? 0 : rounded);
            }
        }
        kept.heading("Cells that were coerced")
                .text("A cell in another form means the same: 1.0 for 1, CASH for 2, 31/12/2020 for a date. Rounded"
                        + " cells had more digits than the column has.")
                .table(changes.sortable());
        Table flags = Table.of(Column.code("what"), Column.fixed("rows", 0));
        quality.flagged().forEach(flags::row);
        flags.row("extra_empty_fields", quality.extraEmptyFields());
        kept.heading("Rows that look odd and were kept").table(flags);
        Section left = report.section("What was rejected");
        Table reasons = Table.of(Column.code("reason"), Column.fixed("rows", 0));
        quality.rejected().forEach(reasons::row);
        left.text("Each of these rows is in _rejected, with its file, place and reason.")
                .table(reasons);
        Table samples = Table.of(
                Column.code("reason"),
                Column.code("file"),
                Column.fixed("line", 0),
                Column.text("problem"),
                Column.code("row"));
        for (Reject reject : quality.samples()) {
            samples.row(
                    reject.key(),
                    name(reject.file()),
                    reject.line() == 0 ? null : reject.line(),
                    (reject.column().isEmpty() ? "" : reject.column() + ": ") + reject.problem(),
                    reject.row());
        }
        left.heading("Examples").table(samples);
        Table files = Table.of(
                Column.code("file"),
                Column.text("format"),
                Column.fixed("rows in", 0),
                Column.fixed("kept", 0),
                Column.text("columns it lacks"),
                Column.text("columns left out"));
        for (Quality.FileQuality one : quality.files()) {
            files.row(
                    name(one.file()),
                    one.format(),
                    one.rowsIn(),
                    one.kept(),
                    String.join(", ", one.missing()),
                    String.join(", ", one.unknown()));
        }
        report.section("Files").table(files.sortable());
        report.write(file);
    }

    private String share(long rows) {
        return quality.rowsIn() == 0 ? "" : "%.3f %%".formatted(100.0 * rows / quality.rowsIn());
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
