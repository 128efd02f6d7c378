package dev.arclight.examples.taxi;

import dev.arclight.tables.Table;
import java.util.List;
import java.util.Optional;

/** What a conversion refuses, and what it keeps and counts. */
final class TripRules {
    private TripRules() {}

    /**
     * The service's table with the rules of a conversion. A trip belongs to the month in its file's name: so a month of
     * the output follows from that month's files alone, whatever else is converted with them.
     *
     * @param asked months to take trips of; empty: any
     */
    static Table of(TaxiService service, Optional<Months> asked) {
        int pickup = service.indexOf("pickup_datetime");
        int dropoff = service.indexOf("dropoff_datetime");
        long[] wanted = asked.map(Months::bounds).orElse(new long[0]);
        Table table = service.table()
                .refuseByFile(
                        "out_of_range_date",
                        "the trip begins in another month than its file's"
                                + asked.map(months -> ", or outside " + months).orElse(""),
                        file -> {
                            long[] own = Months.named(List.of(file)).bounds();
                            return row -> {
                                long second = Math.floorDiv(row.getLong(pickup), 1_000_000L);
                                return (own.length > 0 && Months.lacks(second, own))
                                        || (wanted.length > 0 && Months.lacks(second, wanted));
                            };
                        });
        int fare = service.indexOf(service == TaxiService.FHVHV ? "base_passenger_fare" : "fare_amount");
        int total = service.indexOf("total_amount");
        if (fare >= 0) {
            table = table.flag(
                    "negative_fare",
                    row -> (!row.isNullAt(fare) && row.getDecimal(fare, 10, 2).toUnscaledLong() < 0)
                            || (total >= 0
                                    && !row.isNullAt(total)
                                    && row.getDecimal(total, 10, 2).toUnscaledLong() < 0));
        }
        return table.flag(
                "dropoff_before_pickup", row -> !row.isNullAt(dropoff) && row.getLong(dropoff) < row.getLong(pickup));
    }
}
