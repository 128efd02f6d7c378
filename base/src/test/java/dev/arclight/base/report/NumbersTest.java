package dev.arclight.base.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NumbersTest {
    @Test
    void generalNumbersHaveFiveSignificantDigits() {
        assertThat(Numbers.general(0)).isEqualTo("0");
        assertThat(Numbers.general(-0.0)).isEqualTo("0");
        assertThat(Numbers.general(0.5)).isEqualTo("0.5");
        assertThat(Numbers.general(0.123456)).isEqualTo("0.12346");
        assertThat(Numbers.general(12.3456)).isEqualTo("12.346");
        assertThat(Numbers.general(1234.56)).isEqualTo("1,234.6");
        assertThat(Numbers.general(6497)).isEqualTo("6,497");
        assertThat(Numbers.general(1234567.8)).isEqualTo("1,234,568");
        assertThat(Numbers.general(-3.25)).isEqualTo("−3.25");
        assertThat(Numbers.general(0.00012)).isEqualTo("0.00012");
        assertThat(Numbers.general(0.000012345)).isEqualTo("1.2345e-5");
        assertThat(Numbers.general(-2e-7)).isEqualTo("−2e-7");
        assertThat(Numbers.general(1e15)).isEqualTo("1e15");
    }

    @Test
    void whatIsNoNumberIsADashAndWhatIsEndlessSaysSo() {
        assertThat(Numbers.general(Double.NaN)).isEqualTo("–");
        assertThat(Numbers.fixed(Double.NEGATIVE_INFINITY, 2)).isEqualTo("−∞");
        assertThat(Numbers.percent(Double.POSITIVE_INFINITY, 0)).isEqualTo("∞");
    }

    @Test
    void fixedAndPercentKeepTheirDigits() {
        assertThat(Numbers.fixed(0.9, 4)).isEqualTo("0.9000");
        assertThat(Numbers.fixed(1234567, 0)).isEqualTo("1,234,567");
        assertThat(Numbers.percent(0.0625, 1)).isEqualTo("6.2 %"); // half to even
        assertThat(Numbers.percent(1, 0)).isEqualTo("100 %");
    }

    @Test
    void everyNumberCanBeReadBackToFiveDigits() {
        Random random = new Random(11);
        for (int i = 0; i < 20_000; i++) {
            double value = (random.nextDouble() - 0.5) * Math.pow(10, random.nextInt(40) - 20);
            String text = Numbers.general(value);
            double back = Double.parseDouble(text.replace(",", "").replace('−', '-'));
            assertThat(Math.abs(back - value))
                    .as("%s as %s", value, text)
                    .isLessThanOrEqualTo(Math.abs(value) * 5.1e-5);
        }
    }

    @Test
    void theReadersCountryChangesNothing() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);
            assertThat(Numbers.general(1234.5)).isEqualTo("1,234.5");
            assertThat(Numbers.fixed(1234.5, 1)).isEqualTo("1,234.5");
        } finally {
            Locale.setDefault(before);
        }
    }
}
