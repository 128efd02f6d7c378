package dev.arclight.base.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;

/** Numbers as a person reads them; the same in every locale. */
final class Numbers {
    static final String NONE = "–";

    private Numbers() {}

    /** Up to five significant digits; 1,234,567 for large ones, 1.2e-7 for tiny ones. */
    static String general(double value) {
        if (!Double.isFinite(value)) {
            return special(value);
        }
        double size = Math.abs(value);
        if (value == 0) {
            return "0";
        }
        if (size >= 1e15 || size < 1e-4) {
            return format("0.####E0", value).replace('E', 'e').replace('-', '−').replace("e−", "e-");
        }
        if (size >= 10_000) {
            return format("#,##0", value);
        }
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(5)).stripTrailingZeros();
        return sign(rounded.scale() < 0 ? rounded.setScale(0).toPlainString() : grouped(rounded), rounded.signum() < 0);
    }

    /** A set number of digits after the point, with thousands separated. */
    static String fixed(double value, int decimals) {
        if (!Double.isFinite(value)) {
            return special(value);
        }
        return format(decimals == 0 ? "#,##0" : "#,##0." + "0".repeat(decimals), value);
    }

    static String percent(double value, int decimals) {
        return Double.isFinite(value) ? fixed(value * 100, decimals) + " %" : special(value);
    }

    private static String grouped(BigDecimal value) {
        return format("#,##0.##########", value);
    }

    private static String special(double value) {
        if (Double.isNaN(value)) {
            return NONE;
        }
        return value > 0 ? "∞" : "−∞";
    }

    private static String sign(String text, boolean negative) {
        return negative ? text.replace('-', '−') : text;
    }

    private static String format(String pattern, Object value) {
        DecimalFormat format = new DecimalFormat(pattern, DecimalFormatSymbols.getInstance(Locale.ROOT));
        return format.format(value).replace('-', '−');
    }
}
