package dev.arclight.examples.taxi;

import dev.arclight.base.ArclightException;
import dev.arclight.base.AtomicFiles;
import dev.arclight.examples.taxi.TripShape.Style;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Makes files of trips in every shape that the TLC's have had, and, beside them, what they mean: the same trips in the
 * declared columns, as plain CSV. The same seed makes the same files.
 */
public final class TripFiles {
    /** What was made. */
    record Made(Path file, TripShape shape, YearMonth month, long rows, long rejects) {}

    /**
     * What to make.
     *
     * @param services kinds of trips
     * @param months one file each, of the shape that the service had then
     * @param rows altogether of each service, spread evenly over the months
     * @param flaws one row in so many is bad, in turn: a trip of the month before, a word where a number belongs, a
     *     missing field, a negative fare, a duplicate; 0 for none
     * @param truth whether to write what the files mean
     */
    record Order(List<TaxiService> services, List<YearMonth> months, long rows, long seed, int flaws, boolean truth) {}

    private TripFiles() {}

    /** Writes {@code SERVICE_tripdata_YYYY-MM.csv} or {@code .parquet}, {@code truth/} and a zone table to a folder. */
    static List<Made> write(Path folder, Order order) throws IOException {
        Files.createDirectories(folder);
        AtomicFiles.write(folder.resolve("taxi_zone_lookup.csv"), zones());
        List<Made> made = new ArrayList<>();
        for (TaxiService service : order.services()) {
            for (int m = 0; m < order.months().size(); m++) {
                YearMonth month = order.months().get(m);
                List<TripShape> shapes = TripShape.of(service, month);
                if (shapes.isEmpty()) {
                    throw ArclightException.badInput(
                            "There are no %s trips of %s: the first files of that service are later"
                                    .formatted(service.text(), month));
                }
                long rows = order.rows() * (m + 1) / order.months().size()
                        - order.rows() * m / order.months().size();
                made.add(file(folder, shapes.get(0), month, rows, order));
            }
        }
        return made;
    }

    private static Made file(Path folder, TripShape shape, YearMonth month, long rows, Order order) throws IOException {
        String name = "%s_tripdata_%s".formatted(shape.service().text(), month);
        Path file = folder.resolve(name + (shape.is(Style.PARQUET) ? ".parquet" : ".csv"));
        Path truth = folder.resolve("truth").resolve(name + ".csv");
        long[] rejects = new long[1];
        SplittableRandom random = new SplittableRandom(
                order.seed() * 1_000_003 + shape.service().text().hashCode() * 10_007L + month.hashCode());
        TripMaker trips = new TripMaker(random, month, shape);
        AtomicFiles.FileWriter both = truthOut -> {
            TripText meaning = TripText.truth(truthOut, shape);
            if (order.truth()) {
                meaning.header();
            }
            if (shape.is(Style.PARQUET)) {
                Path temporary = file.resolveSibling("." + file.getFileName() + ".tmp");
                try (TripParquet parquet = new TripParquet(temporary, shape)) {
                    for (long r = 0; r < rows; r++) {
                        trips.next();
                        parquet.row(trips);
                        if (order.truth()) {
                            meaning.row(trips);
                        }
                    }
                }
                Files.move(temporary, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            } else {
                AtomicFiles.write(file, out -> rejects[0] = csv(trips, TripText.of(out, shape), order, rows, meaning));
            }
            meaning.flush();
        };
        if (order.truth()) {
            AtomicFiles.write(truth, both);
        } else {
            both.writeTo(OutputStream.nullOutputStream());
        }
        return new Made(file, shape, month, rows, rejects[0]);
    }

    private static long csv(TripMaker trips, TripText text, Order order, long rows, TripText truth) throws IOException {
        long rejects = 0;
        text.header();
        for (long r = 0; r < rows; r++) {
            Flaw flaw = order.flaws() > 0 && r % order.flaws() == order.flaws() - 1
                    ? Flaw.values()[(int) (r / order.flaws() % Flaw.values().length)]
                    : null;
            if (flaw != Flaw.DUPLICATE) { // the same trip again otherwise
                trips.next();
            }
            boolean kept = true;
            if (flaw == null || flaw == Flaw.DUPLICATE) {
                text.row(trips);
            } else if (flaw == Flaw.NEGATIVE) {
                trips.negate();
                text.row(trips);
            } else {
                kept = false;
                switch (flaw) {
                    case EARLY -> {
                        trips.early();
                        text.row(trips);
                    }
                    case WORD -> text.badRow(trips, "not-a-moment");
                    case MISSING -> text.line("only one field");
                    default -> throw new IllegalStateException(flaw.name());
                }
            }
            if (!kept) {
                rejects++;
            } else if (order.truth()) {
                truth.row(trips);
            }
        }
        text.flush();
        return rejects;
    }

    private enum Flaw {
        EARLY,
        WORD,
        MISSING,
        NEGATIVE,
        DUPLICATE
    }

    /** Zones with the TLC's numbers and boroughs that are made up: which zone is where is not ours to publish. */
    private static String zones() {
        String[] boroughs = {"Manhattan", "Queens", "Brooklyn", "Bronx", "Staten Island", "EWR"};
        StringBuilder text = new StringBuilder("\"LocationID\",\"Borough\",\"Zone\",\"service_zone\"\r\n");
        for (int zone = 1; zone <= TripMaker.ZONES; zone++) {
            text.append(zone)
                    .append(",\"")
                    .append(boroughs[zone % boroughs.length])
                    .append("\",\"Zone ")
                    .append(zone)
                    .append("\",\"Boro Zone\"\r\n");
        }
        return text.toString();
    }
}
