package dev.arclight.examples.taxi;

import java.time.YearMonth;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * How the files of some months are written: the header as it stood in them, and what it means. Taken from files of the
 * TLC: names, order, case, spaces, line ends, blank lines and surplus fields are theirs.
 *
 * @param name for a person
 * @param from first month
 * @param to last month
 * @param header names in the file
 * @param fields what each column holds
 */
record TripShape(
        String name,
        TaxiService service,
        YearMonth from,
        YearMonth to,
        List<String> header,
        List<TripField> fields,
        Set<Style> styles) {
    /** Habits of a file. */
    enum Style {
        /** Parquet; otherwise CSV. */
        PARQUET,
        /** Header and rows end in CRLF. */
        CRLF,
        /** The header ends in LF and the rows in CRLF, with a blank line between. */
        BLANK_LINE,
        /** A space before each name but the first. */
        SPACED_HEADER,
        /** A space after the last name. */
        TRAILING_SPACE,
        /** Two further empty fields in each row. */
        SURPLUS,
        /** Everything in double quotes. */
        QUOTED,
        /** Numbers with 17 digits: 8.9000000000000004. */
        SEVENTEEN_DIGITS,
        /** Vendors and payments by name. */
        WORDS,
        /** 31/01/2021 7:05. */
        DAY_FIRST,
        /** Whole numbers as 1.0. */
        POINT_ZERO
    }

    boolean is(Style style) {
        return styles.contains(style);
    }

    /** The shape that {@code service} has in {@code month}. */
    static List<TripShape> of(TaxiService service, YearMonth month) {
        return ALL.stream()
                .filter(s -> s.service == service && !month.isBefore(s.from) && !month.isAfter(s.to))
                .toList();
    }

    private static TripShape shape(
            String name, TaxiService service, String from, String to, String columns, Style... styles) {
        List<String> header = new ArrayList<>();
        List<TripField> fields = new ArrayList<>();
        for (String column : columns.strip().split("\\s*,\\s*", -1)) {
            String[] both = column.split("=", -1);
            header.add(both[0]);
            fields.add(TripField.of(both[both.length - 1]));
        }
        Set<Style> all = EnumSet.noneOf(Style.class);
        all.addAll(List.of(styles));
        return new TripShape(name, service, YearMonth.parse(from), YearMonth.parse(to), header, fields, all);
    }

    private static final String COORDINATES = "pickup_longitude, pickup_latitude";
    private static final String MODERN_CAB = """
            passenger_count, trip_distance, RatecodeID=rate_code_id, store_and_fwd_flag,
            PULocationID=pickup_location_id, DOLocationID=dropoff_location_id, payment_type, fare_amount, extra, mta_tax,
            tip_amount, tolls_amount, improvement_surcharge, total_amount""";
    private static final String TPEP =
            "VendorID=vendor_id, tpep_pickup_datetime=pickup_datetime, tpep_dropoff_datetime=dropoff_datetime, ";
    private static final String GREEN_2016 = """
            VendorID=vendor_id, lpep_pickup_datetime=pickup_datetime, lpep_dropoff_datetime=dropoff_datetime,
            store_and_fwd_flag, RatecodeID=rate_code_id, PULocationID=pickup_location_id,
            DOLocationID=dropoff_location_id, passenger_count, trip_distance, fare_amount, extra, mta_tax, tip_amount,
            tolls_amount, ehail_fee, improvement_surcharge, total_amount, payment_type, trip_type""";

    private static String yellow2015(String rate) {
        return TPEP + "passenger_count, trip_distance, " + COORDINATES + ", " + rate + "=rate_code_id,"
                + " store_and_fwd_flag, dropoff_longitude, dropoff_latitude, payment_type, fare_amount, extra, mta_tax,"
                + " tip_amount, tolls_amount, improvement_surcharge, total_amount";
    }

    private static String yellow2010() {
        return "vendor_id, pickup_datetime, dropoff_datetime, passenger_count, trip_distance, " + COORDINATES
                + ", rate_code=rate_code_id, store_and_fwd_flag, dropoff_longitude, dropoff_latitude, payment_type,"
                + " fare_amount, surcharge=extra, mta_tax, tip_amount, tolls_amount, total_amount";
    }

    private static String green2013(String surcharge) {
        return """
                VendorID=vendor_id, lpep_pickup_datetime=pickup_datetime, Lpep_dropoff_datetime=dropoff_datetime,
                Store_and_fwd_flag=store_and_fwd_flag, RateCodeID=rate_code_id, Pickup_longitude=pickup_longitude,
                Pickup_latitude=pickup_latitude, Dropoff_longitude=dropoff_longitude, Dropoff_latitude=dropoff_latitude,
                Passenger_count=passenger_count, Trip_distance=trip_distance, Fare_amount=fare_amount, Extra=extra,
                MTA_tax=mta_tax, Tip_amount=tip_amount, Tolls_amount=tolls_amount, Ehail_fee=ehail_fee, %s
                Total_amount=total_amount, Payment_type=payment_type, Trip_type=trip_type""".formatted(surcharge);
    }

    /** Every shape, in order of service and time. */
    static final List<TripShape> ALL = List.of(
            shape(
                    "yellow-2009",
                    TaxiService.YELLOW,
                    "2009-01",
                    "2009-12",
                    """
                    vendor_name=vendor_id, Trip_Pickup_DateTime=pickup_datetime, Trip_Dropoff_DateTime=dropoff_datetime,
                    Passenger_Count=passenger_count, Trip_Distance=trip_distance, Start_Lon=pickup_longitude,
                    Start_Lat=pickup_latitude, Rate_Code=rate_code_id, store_and_forward=store_and_fwd_flag,
                    End_Lon=dropoff_longitude, End_Lat=dropoff_latitude, Payment_Type=payment_type,
                    Fare_Amt=fare_amount, surcharge=extra, mta_tax, Tip_Amt=tip_amount, Tolls_Amt=tolls_amount,
                    Total_Amt=total_amount""",
                    Style.BLANK_LINE,
                    Style.SEVENTEEN_DIGITS,
                    Style.WORDS),
            shape(
                    "yellow-2010",
                    TaxiService.YELLOW,
                    "2010-01",
                    "2013-12",
                    yellow2010(),
                    Style.BLANK_LINE,
                    Style.SEVENTEEN_DIGITS,
                    Style.WORDS),
            shape(
                    "yellow-2014",
                    TaxiService.YELLOW,
                    "2014-01",
                    "2014-12",
                    yellow2010(),
                    Style.BLANK_LINE,
                    Style.SPACED_HEADER,
                    Style.SEVENTEEN_DIGITS,
                    Style.WORDS),
            shape("yellow-2015", TaxiService.YELLOW, "2015-01", "2015-06", yellow2015("RateCodeID"), Style.CRLF),
            shape("yellow-2015-07", TaxiService.YELLOW, "2015-07", "2016-06", yellow2015("RatecodeID"), Style.CRLF),
            shape(
                    "yellow-2016-07",
                    TaxiService.YELLOW,
                    "2016-07",
                    "2018-12",
                    TPEP + MODERN_CAB,
                    Style.CRLF,
                    Style.SURPLUS),
            shape(
                    "yellow-2019",
                    TaxiService.YELLOW,
                    "2019-01",
                    "2020-12",
                    TPEP + MODERN_CAB + ", congestion_surcharge",
                    Style.CRLF),
            shape(
                    "yellow-2021",
                    TaxiService.YELLOW,
                    "2021-01",
                    "2021-06",
                    TPEP + MODERN_CAB + ", congestion_surcharge"),
            shape(
                    "yellow-2021-07",
                    TaxiService.YELLOW,
                    "2021-07",
                    "2021-12",
                    TPEP + MODERN_CAB + ", congestion_surcharge",
                    Style.DAY_FIRST,
                    Style.POINT_ZERO),
            shape(
                    "yellow-2022",
                    TaxiService.YELLOW,
                    "2022-01",
                    "2022-12",
                    TPEP + MODERN_CAB + ", congestion_surcharge, airport_fee",
                    Style.PARQUET,
                    Style.POINT_ZERO),
            shape(
                    "yellow-2023",
                    TaxiService.YELLOW,
                    "2023-01",
                    "2030-12",
                    TPEP + MODERN_CAB + ", congestion_surcharge, Airport_fee=airport_fee",
                    Style.PARQUET),
            shape(
                    "green-2013",
                    TaxiService.GREEN,
                    "2013-08",
                    "2014-12",
                    green2013(""),
                    Style.BLANK_LINE,
                    Style.TRAILING_SPACE,
                    Style.SURPLUS),
            shape(
                    "green-2015",
                    TaxiService.GREEN,
                    "2015-01",
                    "2016-06",
                    green2013("improvement_surcharge,"),
                    Style.CRLF,
                    Style.TRAILING_SPACE,
                    Style.SURPLUS),
            shape(
                    "green-2016-07",
                    TaxiService.GREEN,
                    "2016-07",
                    "2018-12",
                    GREEN_2016,
                    Style.BLANK_LINE,
                    Style.SURPLUS),
            shape(
                    "green-2019",
                    TaxiService.GREEN,
                    "2019-01",
                    "2021-12",
                    GREEN_2016 + ", congestion_surcharge",
                    Style.CRLF),
            shape(
                    "green-2022",
                    TaxiService.GREEN,
                    "2022-01",
                    "2030-12",
                    GREEN_2016 + ", congestion_surcharge",
                    Style.PARQUET,
                    Style.POINT_ZERO),
            shape(
                    "fhv-2015",
                    TaxiService.FHV,
                    "2015-01",
                    "2016-12",
                    "Dispatching_base_num=dispatching_base_num, Pickup_date=pickup_datetime,"
                            + " locationID=pickup_location_id",
                    Style.CRLF),
            shape("fhv-2017", TaxiService.FHV, "2017-01", "2017-06", """
                    Dispatching_base_num=dispatching_base_num, Pickup_DateTime=pickup_datetime,
                    DropOff_datetime=dropoff_datetime, PUlocationID=pickup_location_id,
                    DOlocationID=dropoff_location_id""", Style.CRLF),
            shape("fhv-2017-07", TaxiService.FHV, "2017-07", "2017-12", """
                    Dispatching_base_num=dispatching_base_num, Pickup_DateTime=pickup_datetime,
                    DropOff_datetime=dropoff_datetime, PUlocationID=pickup_location_id,
                    DOlocationID=dropoff_location_id, SR_Flag=sr_flag""", Style.QUOTED, Style.CRLF),
            shape("fhv-2018", TaxiService.FHV, "2018-01", "2018-12", """
                    Pickup_DateTime=pickup_datetime, DropOff_datetime=dropoff_datetime,
                    PUlocationID=pickup_location_id, DOlocationID=dropoff_location_id, SR_Flag=sr_flag,
                    Dispatching_base_number=dispatching_base_num, Dispatching_base_num=sr_flag""", Style.QUOTED, Style.CRLF),
            shape("fhv-2019", TaxiService.FHV, "2019-01", "2021-12", """
                    dispatching_base_num, pickup_datetime, dropoff_datetime, PULocationID=pickup_location_id,
                    DOLocationID=dropoff_location_id, SR_Flag=sr_flag, Affiliated_base_number=affiliated_base_number"""),
            shape("fhv-2022", TaxiService.FHV, "2022-01", "2030-12", """
                    dispatching_base_num, pickup_datetime, dropOff_datetime=dropoff_datetime,
                    PUlocationID=pickup_location_id, DOlocationID=dropoff_location_id, SR_Flag=sr_flag,
                    Affiliated_base_number=affiliated_base_number""", Style.PARQUET, Style.POINT_ZERO),
            shape("fhvhv-2019-02", TaxiService.FHVHV, "2019-02", "2021-12", """
                    hvfhs_license_num, dispatching_base_num, pickup_datetime, dropoff_datetime,
                    PULocationID=pickup_location_id, DOLocationID=dropoff_location_id, SR_Flag=sr_flag""", Style.CRLF),
            shape("fhvhv-2022", TaxiService.FHVHV, "2022-01", "2030-12", """
                    hvfhs_license_num, dispatching_base_num, originating_base_num, request_datetime, on_scene_datetime,
                    pickup_datetime, dropoff_datetime, PULocationID=pickup_location_id,
                    DOLocationID=dropoff_location_id, trip_miles, trip_time, base_passenger_fare, tolls, bcf, sales_tax,
                    congestion_surcharge, airport_fee, tips, driver_pay, shared_request_flag, shared_match_flag,
                    access_a_ride_flag, wav_request_flag, wav_match_flag""", Style.PARQUET));
}
