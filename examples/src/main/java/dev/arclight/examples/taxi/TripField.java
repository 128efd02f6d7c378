package dev.arclight.examples.taxi;

import java.util.Locale;

/** What a generated trip is made of; each value is one whole number, so that it has exactly one meaning. */
enum TripField {
    /** 1 or 2. */
    VENDOR_ID(Kind.VENDOR),
    PICKUP_DATETIME(Kind.SECONDS),
    DROPOFF_DATETIME(Kind.SECONDS),
    REQUEST_DATETIME(Kind.SECONDS),
    ON_SCENE_DATETIME(Kind.SECONDS),
    PASSENGER_COUNT(Kind.WHOLE),
    TRIP_DISTANCE(Kind.HUNDREDTHS),
    TRIP_MILES(Kind.THOUSANDTHS),
    TRIP_TIME(Kind.WHOLE),
    RATE_CODE_ID(Kind.WHOLE),
    STORE_AND_FWD_FLAG(Kind.YES),
    PICKUP_LOCATION_ID(Kind.WHOLE),
    DROPOFF_LOCATION_ID(Kind.WHOLE),
    PICKUP_LONGITUDE(Kind.MILLIONTHS),
    PICKUP_LATITUDE(Kind.MILLIONTHS),
    DROPOFF_LONGITUDE(Kind.MILLIONTHS),
    DROPOFF_LATITUDE(Kind.MILLIONTHS),
    PAYMENT_TYPE(Kind.PAYMENT),
    FARE_AMOUNT(Kind.HUNDREDTHS),
    EXTRA(Kind.HUNDREDTHS),
    MTA_TAX(Kind.HUNDREDTHS),
    TIP_AMOUNT(Kind.HUNDREDTHS),
    TOLLS_AMOUNT(Kind.HUNDREDTHS),
    IMPROVEMENT_SURCHARGE(Kind.HUNDREDTHS),
    TOTAL_AMOUNT(Kind.HUNDREDTHS),
    CONGESTION_SURCHARGE(Kind.HUNDREDTHS),
    AIRPORT_FEE(Kind.HUNDREDTHS),
    EHAIL_FEE(Kind.NOTHING),
    TRIP_TYPE(Kind.WHOLE),
    HVFHS_LICENSE_NUM(Kind.LICENSE),
    DISPATCHING_BASE_NUM(Kind.BASE),
    ORIGINATING_BASE_NUM(Kind.BASE),
    AFFILIATED_BASE_NUMBER(Kind.BASE),
    SR_FLAG(Kind.NOTHING),
    BASE_PASSENGER_FARE(Kind.HUNDREDTHS),
    TOLLS(Kind.HUNDREDTHS),
    BCF(Kind.HUNDREDTHS),
    SALES_TAX(Kind.HUNDREDTHS),
    TIPS(Kind.HUNDREDTHS),
    DRIVER_PAY(Kind.HUNDREDTHS),
    SHARED_REQUEST_FLAG(Kind.YES),
    SHARED_MATCH_FLAG(Kind.YES),
    ACCESS_A_RIDE_FLAG(Kind.YES),
    WAV_REQUEST_FLAG(Kind.YES),
    WAV_MATCH_FLAG(Kind.YES);

    /** What the whole number counts. */
    enum Kind {
        WHOLE,
        HUNDREDTHS,
        THOUSANDTHS,
        MILLIONTHS,
        SECONDS,
        YES,
        VENDOR,
        PAYMENT,
        BASE,
        LICENSE,
        NOTHING
    }

    final Kind kind;

    TripField(Kind kind) {
        this.kind = kind;
    }

    /** Name of the declared column. */
    String column() {
        return name().toLowerCase(Locale.ROOT);
    }

    static TripField of(String column) {
        return valueOf(column.toUpperCase(Locale.ROOT));
    }
}
