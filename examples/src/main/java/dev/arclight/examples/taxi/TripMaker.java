package dev.arclight.examples.taxi;

import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.SplittableRandom;

/** Makes trips of a month, one at a time, with amounts that sum up. Not safe for use by many threads. */
@SuppressWarnings("EnumOrdinal") // a plain array by field: a map would box each value of each trip
final class TripMaker {
    static final int ZONES = 265;

    private final SplittableRandom random;
    private final long[] values = new long[TripField.values().length];
    private final boolean[] missing = new boolean[values.length];
    private final long monthStart;
    private final long monthSeconds;
    private final boolean vendorsByName;

    TripMaker(SplittableRandom random, YearMonth month, TripShape shape) {
        this.random = random;
        this.monthStart = month.atDay(1).atStartOfDay().toEpochSecond(ZoneOffset.UTC);
        this.monthSeconds = month.lengthOfMonth() * 86_400L;
        this.vendorsByName = shape.is(TripShape.Style.WORDS);
    }

    /** The current trip's value. */
    long value(TripField field) {
        return values[field.ordinal()];
    }

    /** Whether the current trip says nothing there. */
    boolean isMissing(TripField field) {
        return field.kind == TripField.Kind.NOTHING || missing[field.ordinal()];
    }

    /** Moves to a new trip. */
    void next() {
        long start = monthStart + random.nextLong(monthSeconds - 10_000);
        long seconds = 60 + (long) (Math.exp(random.nextDouble() * 3.5) * 80);
        long hundredths = Math.max(1, seconds / 4 + random.nextInt(100));
        set(TripField.VENDOR_ID, 1 + random.nextInt(vendorsByName ? 3 : 2));
        set(TripField.PICKUP_DATETIME, start);
        set(TripField.DROPOFF_DATETIME, start + seconds);
        set(TripField.REQUEST_DATETIME, start - 60 - random.nextInt(600));
        set(TripField.ON_SCENE_DATETIME, start - random.nextInt(60));
        int crowd = random.nextInt(100);
        set(TripField.PASSENGER_COUNT, crowd < 72 ? 1 : crowd < 87 ? 2 : crowd % 7);
        set(TripField.TRIP_DISTANCE, hundredths);
        set(TripField.TRIP_MILES, hundredths * 10 + random.nextInt(10));
        set(TripField.TRIP_TIME, seconds);
        set(TripField.RATE_CODE_ID, random.nextInt(50) == 0 ? 2 + random.nextInt(4) : 1);
        set(TripField.STORE_AND_FWD_FLAG, random.nextInt(200) == 0 ? 1 : 0);
        // Some zones are much busier than others.
        set(TripField.PICKUP_LOCATION_ID, 1 + (int) (ZONES * random.nextDouble() * random.nextDouble()));
        set(TripField.DROPOFF_LOCATION_ID, 1 + (int) (ZONES * random.nextDouble() * random.nextDouble()));
        set(TripField.PICKUP_LONGITUDE, -74_050_000L + random.nextInt(200_000));
        set(TripField.PICKUP_LATITUDE, 40_600_000L + random.nextInt(250_000));
        set(TripField.DROPOFF_LONGITUDE, -74_050_000L + random.nextInt(200_000));
        set(TripField.DROPOFF_LATITUDE, 40_600_000L + random.nextInt(250_000));
        int payment = random.nextInt(100);
        set(TripField.PAYMENT_TYPE, payment < 70 ? 1 : payment < 98 ? 2 : payment == 98 ? 3 : 4);
        long fare = 250 + hundredths * 5 / 2 / 50 * 50;
        long extra = random.nextInt(3) * 50L;
        long tip = payment < 70 ? fare * (10 + random.nextInt(15)) / 100 : 0;
        long tolls = random.nextInt(20) == 0 ? 612 : 0;
        long congestion = random.nextInt(4) == 0 ? 0 : 250;
        set(TripField.FARE_AMOUNT, fare);
        set(TripField.EXTRA, extra);
        set(TripField.MTA_TAX, 50);
        set(TripField.TIP_AMOUNT, tip);
        set(TripField.TOLLS_AMOUNT, tolls);
        set(TripField.IMPROVEMENT_SURCHARGE, 30);
        set(TripField.CONGESTION_SURCHARGE, congestion);
        set(TripField.AIRPORT_FEE, random.nextInt(15) == 0 ? 125 : 0);
        set(TripField.TOTAL_AMOUNT, fare + extra + 50 + tip + tolls + 30 + congestion);
        set(TripField.TRIP_TYPE, random.nextInt(40) == 0 ? 2 : 1);
        set(TripField.HVFHS_LICENSE_NUM, random.nextInt(4) == 0 ? 5 : 3);
        set(TripField.DISPATCHING_BASE_NUM, 1 + random.nextInt(3_000));
        set(TripField.ORIGINATING_BASE_NUM, 1 + random.nextInt(3_000));
        set(TripField.AFFILIATED_BASE_NUMBER, 1 + random.nextInt(3_000));
        set(TripField.BASE_PASSENGER_FARE, fare);
        set(TripField.TOLLS, tolls);
        set(TripField.BCF, fare * 3 / 100);
        set(TripField.SALES_TAX, fare * 8 / 100);
        set(TripField.TIPS, tip);
        set(TripField.DRIVER_PAY, fare * 3 / 4);
        set(TripField.SHARED_REQUEST_FLAG, random.nextInt(10) == 0 ? 1 : 0);
        set(TripField.SHARED_MATCH_FLAG, random.nextInt(30) == 0 ? 1 : 0);
        set(TripField.ACCESS_A_RIDE_FLAG, 0);
        set(TripField.WAV_REQUEST_FLAG, random.nextInt(100) == 0 ? 1 : 0);
        set(TripField.WAV_MATCH_FLAG, random.nextInt(20) == 0 ? 1 : 0);
        boolean silent = random.nextInt(50) == 0; // some trips come without what the driver types in
        missing[TripField.PASSENGER_COUNT.ordinal()] = silent;
        missing[TripField.RATE_CODE_ID.ordinal()] = silent;
        missing[TripField.STORE_AND_FWD_FLAG.ordinal()] = silent;
        missing[TripField.CONGESTION_SURCHARGE.ordinal()] = silent;
        missing[TripField.ON_SCENE_DATETIME.ordinal()] = silent;
        missing[TripField.AFFILIATED_BASE_NUMBER.ordinal()] = random.nextInt(10) == 0;
    }

    /** Makes the current trip one of the month before. */
    void early() {
        set(TripField.PICKUP_DATETIME, monthStart - 1 - random.nextInt(3_600));
    }

    /** Makes the current trip a refund. */
    void negate() {
        for (TripField field : new TripField[] {TripField.FARE_AMOUNT, TripField.TOTAL_AMOUNT, TripField.EXTRA}) {
            set(field, -value(field));
        }
    }

    private void set(TripField field, long value) {
        values[field.ordinal()] = value;
    }
}
