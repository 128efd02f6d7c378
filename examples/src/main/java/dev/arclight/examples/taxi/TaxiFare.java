package dev.arclight.examples.taxi;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.asin;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.cos;
import static org.apache.spark.sql.functions.dayofweek;
import static org.apache.spark.sql.functions.hour;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.month;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.pow;
import static org.apache.spark.sql.functions.radians;
import static org.apache.spark.sql.functions.sin;
import static org.apache.spark.sql.functions.sqrt;
import static org.apache.spark.sql.functions.xxhash64;

import dev.arclight.base.AtomicFiles;
import dev.arclight.raytrain.RayTrainEstimator;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * What a trip costs, from where and when it begins and where it ends: RayDP's example, with features made by Spark and
 * a network of PyTorch's trained by Ray Train, on one Ray cluster. The network is in {@code fares.py}.
 */
public final class TaxiFare {
    /** Inputs of the network, in its order; each about between -1 and 1. */
    public static final List<String> FEATURES = List.of(
            "pickup_east",
            "pickup_north",
            "dropoff_east",
            "dropoff_north",
            "east",
            "north",
            "distance",
            "miles",
            "pickup_from_jfk",
            "dropoff_from_jfk",
            "pickup_from_laguardia",
            "dropoff_from_laguardia",
            "hour_sine",
            "hour_cosine",
            "weekday",
            "month",
            "weekend",
            "night",
            "rush_hour",
            "passengers");

    private static final String LABEL = "fare";
    private static final String VALIDATION = "held";
    private static final double EARTH_KM = 6_371;
    private static final double CENTRE_LONGITUDE = -73.97;
    private static final double CENTRE_LATITUDE = 40.75;

    private TaxiFare() {}

    /**
     * Trips with the features, {@code fare} in dollars, and {@code held} for one trip in five. Left out are trips
     * without coordinates (all since July 2016), those that leave the city's surroundings, and fares below 2.50 or
     * above 200 dollars.
     *
     * @param trips of {@link TaxiService#YELLOW} or {@link TaxiService#GREEN}
     */
    public static Dataset<Row> features(Dataset<Row> trips) {
        Column start = col("pickup_datetime").cast("timestamp");
        Column weekday = dayofweek(start);
        Column hour = hour(start);
        Column working = weekday.between(2, 6);
        List<Column> columns = new ArrayList<>(List.of(
                col("pickup_longitude").minus(CENTRE_LONGITUDE).multiply(5).as("pickup_east"),
                col("pickup_latitude").minus(CENTRE_LATITUDE).multiply(5).as("pickup_north"),
                col("dropoff_longitude").minus(CENTRE_LONGITUDE).multiply(5).as("dropoff_east"),
                col("dropoff_latitude").minus(CENTRE_LATITUDE).multiply(5).as("dropoff_north"),
                abs(col("dropoff_longitude").minus(col("pickup_longitude")))
                        .multiply(5)
                        .as("east"),
                abs(col("dropoff_latitude").minus(col("pickup_latitude")))
                        .multiply(5)
                        .as("north"),
                kilometres("pickup", col("dropoff_longitude"), col("dropoff_latitude"))
                        .divide(20)
                        .as("distance"),
                functions
                        .coalesce(
                                col("trip_distance").cast("float"),
                                kilometres("pickup", col("dropoff_longitude"), col("dropoff_latitude"))
                                        .divide(1.609))
                        .divide(10)
                        .as("miles")));
        for (String end : List.of("pickup", "dropoff")) {
            columns.add(kilometres(end, lit(-73.7781), lit(40.6413)).divide(20).as(end + "_from_jfk"));
            columns.add(kilometres(end, lit(-73.8740), lit(40.7769)).divide(20).as(end + "_from_laguardia"));
        }
        columns.addAll(List.of(
                sin(hour.multiply(Math.PI / 12)).as("hour_sine"),
                cos(hour.multiply(Math.PI / 12)).as("hour_cosine"),
                weekday.minus(4).divide(3).as("weekday"),
                month(start).minus(6.5).divide(5.5).as("month"),
                weekday.isin(1, 7).as("weekend"),
                hour.geq(20).or(hour.lt(6)).as("night"),
                working.and(hour.between(16, 19)).as("rush_hour"),
                functions.coalesce(col("passenger_count"), lit(1)).divide(6).as("passengers"),
                col("fare_amount").cast("float").as(LABEL),
                pmod(xxhash64(col("pickup_datetime"), col("dropoff_datetime"), col("total_amount")), lit(5))
                        .equalTo(0)
                        .as(VALIDATION)));
        return trips.filter(near("pickup")
                        .and(near("dropoff"))
                        .and(col("fare_amount").between(2.5, 200)))
                .select(columns.toArray(Column[]::new));
    }

    /** How the network is trained, still without a number of epochs and workers: a program may set more. */
    public static RayTrainEstimator estimator(Path code) {
        return new RayTrainEstimator()
                .module("fares:train_loop")
                .code(code)
                .features(FEATURES.toArray(String[]::new))
                .label(LABEL)
                .validation(VALIDATION)
                .output("predicted_fare")
                .config("learning_rate", 0.002)
                .batch(128);
    }

    /**
     * Writes {@code fares.py} into a folder of its own.
     *
     * @return owned by the caller, who deletes it
     */
    public static Path code() throws IOException {
        Path folder = Files.createTempDirectory("arclight-fares");
        try (InputStream in = Objects.requireNonNull(TaxiFare.class.getResourceAsStream("fares.py"))) {
            byte[] text = in.readAllBytes();
            AtomicFiles.write(folder.resolve("fares.py"), out -> out.write(text));
        }
        return folder;
    }

    /** Whether an end of the trip has coordinates in or around the city. */
    private static Column near(String end) {
        return col(end + "_longitude")
                .between(-74.3, -73.6)
                .and(col(end + "_latitude").between(40.4, 41.1));
    }

    /** The great-circle distance between an end of the trip and a place. */
    private static Column kilometres(String end, Column longitude, Column latitude) {
        Column half = pow(sin(radians(latitude.minus(col(end + "_latitude"))).divide(2)), 2)
                .plus(cos(radians(latitude))
                        .multiply(cos(radians(col(end + "_latitude"))))
                        .multiply(pow(
                                sin(radians(longitude.minus(col(end + "_longitude")))
                                        .divide(2)),
                                2)));
        return asin(sqrt(half)).multiply(2 * EARTH_KM);
    }
}
