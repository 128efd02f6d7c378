package dev.arclight.tables;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.tables.CellValue.Outcome;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Random;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The fast paths against the JDK's own parsers. */
final class CellParserTest {
    private static final DataType MONEY = DataTypes.createDecimalType(10, 2);

    private static CellParser parsed(DataType type, String cell) {
        CellParser parser = new CellParser(Column.of("c", type));
        byte[] bytes = ("[" + cell + "]").getBytes(StandardCharsets.UTF_8);
        parser.parse(bytes, 1, bytes.length - 1);
        return parser;
    }

    @Test
    void decimalsAreRoundedAsBigDecimalDoes() {
        Random random = new Random(1);
        for (int i = 0; i < 50_000; i++) {
            BigDecimal value = new BigDecimal(new java.math.BigInteger(1 + random.nextInt(66), random))
                    .movePointLeft(random.nextInt(20));
            String text = (random.nextBoolean() ? "-" : "") + value.toPlainString();
            BigDecimal exact = new BigDecimal(text);
            BigDecimal expected = exact.setScale(2, RoundingMode.HALF_UP);
            CellParser parser = parsed(MONEY, text.startsWith("0.") ? text.substring(1) : text);
            if (expected.precision() > 10) {
                assertThat(parser.outcome()).as(text).isEqualTo(Outcome.OUT_OF_RANGE);
            } else {
                assertThat(parser.javaValue()).as(text).isEqualTo(expected);
                assertThat(parser.outcome())
                        .as(text)
                        .isEqualTo(expected.compareTo(exact) == 0 ? Outcome.EXACT : Outcome.ROUNDED);
            }
        }
    }

    @Test
    void doublesAreTheNearestOnes() {
        Random random = new Random(2);
        for (int i = 0; i < 50_000; i++) {
            String text = switch (i % 4) {
                case 0 -> String.valueOf(random.nextDouble() * 200 - 100);
                case 1 ->
                    BigDecimal.valueOf(random.nextInt(2_000_000) - 1_000_000, 3).toPlainString();
                case 2 ->
                    new BigDecimal(random.nextGaussian())
                            .setScale(random.nextInt(25), RoundingMode.DOWN)
                            .toPlainString();
                default -> String.valueOf(Double.longBitsToDouble(random.nextLong() & 0x7FEFFFFFFFFFFFFFL));
            };
            assertThat(parsed(DataTypes.DoubleType, text).javaValue()).as(text).isEqualTo(Double.valueOf(text));
        }
    }

    @Test
    void momentsAreTheJdksOwn() {
        Random random = new Random(3);
        DateTimeFormatter form = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
        for (int i = 0; i < 20_000; i++) {
            LocalDateTime moment = LocalDateTime.of(1899 + random.nextInt(300), 1, 1, 0, 0)
                    .plusSeconds(random.nextInt(Integer.MAX_VALUE));
            assertThat(parsed(DataTypes.TimestampNTZType, moment.format(form)).javaValue())
                    .isEqualTo(moment);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2021-02-29 00:00:00, NOT_OF_TYPE",
        "2020-02-29 00:00:00, EXACT",
        "1900-02-29 00:00:00, NOT_OF_TYPE",
        "2021-13-01 00:00:00, NOT_OF_TYPE",
        "2021-01-01 24:00:00, NOT_OF_TYPE",
        "2021-01-01 00:00, EXACT",
        "2021-01-01, EXACT",
        "01/01/2021 0:30, NOT_OF_TYPE",
    })
    void impossibleMomentsAreRefused(String text, Outcome outcome) {
        assertThat(parsed(DataTypes.TimestampNTZType, text).outcome()).isEqualTo(outcome);
    }

    @ParameterizedTest
    @CsvSource({
        "1.0, 1, REWRITTEN",
        "1, 1, EXACT",
        "-7, -7, EXACT",
        "+7, 7, EXACT",
        "1e3, 1000, REWRITTEN",
        "2147483648, , OUT_OF_RANGE",
        "1.5, , NOT_OF_TYPE",
        ".0, 0, REWRITTEN",
        "., , NOT_OF_TYPE",
        "-, , NOT_OF_TYPE",
        "x, , NOT_OF_TYPE",
        "1.0x, , NOT_OF_TYPE",
    })
    void wholeNumbersMayBeWrittenOtherwise(String text, Integer value, Outcome outcome) {
        CellParser parser = parsed(DataTypes.IntegerType, text);
        assertThat(parser.outcome()).isEqualTo(outcome);
        if (value != null) {
            assertThat(parser.javaValue()).isEqualTo(value);
        }
    }

    @ParameterizedTest
    @CsvSource({"-", ".", "1.2.3", "--1", "1-", "abc", "1d", "NaN"})
    void whatIsNoDecimalIsRefused(String text) {
        assertThat(parsed(MONEY, text).outcome()).isEqualTo(Outcome.NOT_OF_TYPE);
    }

    @Test
    void aDoubleIsTheDecimalThatItIsPrintedAs() {
        Random random = new Random(4);
        CellParser parser = new CellParser(Column.of("c", MONEY));
        for (int i = 0; i < 50_000; i++) {
            BigDecimal cents = BigDecimal.valueOf(random.nextInt(), 2);
            assertThat(parser.take(cents.doubleValue())).isEqualTo(Outcome.EXACT);
            assertThat(parser.javaValue()).isEqualTo(cents);
            double any = random.nextGaussian() * 1_000;
            parser.take(any);
            assertThat(parser.javaValue()).isEqualTo(BigDecimal.valueOf(any).setScale(2, RoundingMode.HALF_UP));
        }
        assertThat(parser.take(Double.NaN)).isEqualTo(Outcome.EMPTY);
        assertThat(parser.take(Double.POSITIVE_INFINITY)).isEqualTo(Outcome.OUT_OF_RANGE);
        assertThat(parser.take(1e12)).isEqualTo(Outcome.OUT_OF_RANGE);
    }

    @Test
    void typedCellsKeepTheirMeaningOrAreRefused() {
        CellParser whole = new CellParser(Column.of("c", DataTypes.IntegerType));
        assertThat(whole.take(3.0)).isEqualTo(Outcome.REWRITTEN);
        assertThat(whole.javaValue()).isEqualTo(3);
        assertThat(whole.take(3.5)).isEqualTo(Outcome.NOT_OF_TYPE);
        assertThat(whole.take(1L << 40)).isEqualTo(Outcome.OUT_OF_RANGE);
        assertThat(whole.takeMicros(0)).isEqualTo(Outcome.NOT_OF_TYPE);
        CellParser text = new CellParser(Column.of("c", DataTypes.StringType));
        text.take(7L);
        assertThat(text.javaValue()).isEqualTo("7");
    }

    @Test
    void cellsMayStandForOthers() {
        CellParser parser = new CellParser(Column.of("c", DataTypes.IntegerType).withValues(Map.of("Cash", "2")));
        byte[] cash = " CASH ".getBytes(StandardCharsets.UTF_8);
        assertThat(parser.parse(cash, 0, cash.length)).isEqualTo(Outcome.REWRITTEN);
        assertThat(parser.javaValue()).isEqualTo(2);
    }

    @Test
    void whatIsTooLargeForAFloatOrDoubleIsNoInfinity() {
        assertThat(parsed(DataTypes.DoubleType, "1e400").outcome()).isEqualTo(Outcome.OUT_OF_RANGE);
        assertThat(parsed(DataTypes.FloatType, "-1e39").outcome()).isEqualTo(Outcome.OUT_OF_RANGE);
        assertThat(parsed(DataTypes.FloatType, "3e38").outcome()).isEqualTo(Outcome.EXACT);
        assertThat(parsed(DataTypes.DoubleType, "Infinity").javaValue()).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(parsed(DataTypes.FloatType, "-inf").javaValue()).isEqualTo(Float.NEGATIVE_INFINITY);
        CellParser parser = new CellParser(Column.of("c", DataTypes.FloatType));
        assertThat(parser.take(1e300)).isEqualTo(Outcome.OUT_OF_RANGE);
        assertThat(parser.take(Double.NEGATIVE_INFINITY)).isEqualTo(Outcome.EXACT);
        assertThat(parser.take(new BigDecimal("1e39"))).isEqualTo(Outcome.OUT_OF_RANGE);
        assertThat(parser.take(16_777_217L)).isEqualTo(Outcome.ROUNDED);
        assertThat(parser.take(16_777_216L)).isEqualTo(Outcome.EXACT);
    }
}
