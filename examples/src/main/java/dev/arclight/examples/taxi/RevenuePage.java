package dev.arclight.examples.taxi;

import dev.arclight.base.report.Axis;
import dev.arclight.base.report.BarChart;
import dev.arclight.base.report.Charts;
import dev.arclight.base.report.Column;
import dev.arclight.base.report.Report;
import dev.arclight.base.report.Section;
import dev.arclight.base.report.Table;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The revenue report as a page: a chart by month, one by borough, and the zones that earn most. */
final class RevenuePage {
    private static final int ZONES = 20;

    private final List<Row> rows;
    private final boolean named;

    RevenuePage(Dataset<Row> revenue) {
        this.rows = revenue.collectAsList(); // some hundred zones times months
        this.named = List.of(revenue.columns()).contains("borough");
    }

    void write(Path file) throws IOException {
        BigDecimal total = rows.stream().map(RevenuePage::total).reduce(BigDecimal.ZERO, BigDecimal::add);
        long trips = rows.stream().mapToLong(row -> row.<Long>getAs("trips")).sum();
        Report report = Report.titled("Taxi revenue").subtitle("By month, zone and service");
        report.fact("Revenue", "$%,.2f".formatted(total), "total_amount of all trips")
                .fact("Trips", "%,d".formatted(trips));
        report.section("By month").chart(chart("Revenue by month", "month", sums("revenue_month")));
        Section zones = report.section(named ? "By borough" : "By zone");
        if (named) {
            zones.chart(chart("Revenue by borough", "borough", sums("borough")).horizontal());
        } else {
            zones.note("Give the zone table (--zones taxi_zone_lookup.csv) for names and boroughs.");
        }
        zones.heading("The %d zones that earn most".formatted(ZONES)).table(largest());
        report.source("Trip records: New York City Taxi and Limousine Commission, where they are not generated.");
        report.write(file);
    }

    private static BigDecimal total(Row row) {
        BigDecimal value = row.getAs("revenue_monthly_total_amount");
        return value == null ? BigDecimal.ZERO : value;
    }

    private Map<String, Map<String, BigDecimal>> sums(String column) {
        Map<String, Map<String, BigDecimal>> sums = new TreeMap<>();
        for (Row row : rows) {
            Object value = row.getAs(column);
            String key = value == null ? "unknown" : value.toString();
            sums.computeIfAbsent(
                            column.equals("revenue_month") && key.length() > 7 ? key.substring(0, 7) : key,
                            k -> new TreeMap<>())
                    .merge(row.getAs("service_type"), total(row), BigDecimal::add);
        }
        return sums;
    }

    private static BarChart chart(String title, String categories, Map<String, Map<String, BigDecimal>> sums) {
        BarChart chart = Charts.bar(title, Axis.of("revenue ($)"), List.copyOf(sums.keySet()))
                .categoryTitle(categories);
        TreeSet<String> services = new TreeSet<>();
        sums.values().forEach(byService -> services.addAll(byService.keySet()));
        for (String service : services) {
            chart.series(
                    service,
                    sums.values().stream()
                            .mapToDouble(byService -> byService
                                    .getOrDefault(service, BigDecimal.ZERO)
                                    .doubleValue())
                            .toArray());
        }
        return chart;
    }

    private Table largest() {
        Map<Integer, BigDecimal> sums = new TreeMap<>();
        Map<Integer, String> names = new TreeMap<>();
        for (Row row : rows) {
            Integer zone = row.getAs("revenue_zone");
            if (zone == null) {
                continue;
            }
            sums.merge(zone, total(row), BigDecimal::add);
            if (named && row.getAs("zone") != null) {
                names.put(zone, row.getAs("zone") + ", " + row.getAs("borough"));
            }
        }
        List<Map.Entry<Integer, BigDecimal>> order = new ArrayList<>(sums.entrySet());
        order.sort(Map.Entry.<Integer, BigDecimal>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey()));
        Table table = Table.of(Column.fixed("zone", 0), Column.text("name"), Column.fixed("revenue ($)", 2));
        order.stream()
                .limit(ZONES)
                .forEach(entry -> table.row(entry.getKey(), names.getOrDefault(entry.getKey(), ""), entry.getValue()));
        return table.sortable();
    }
}
