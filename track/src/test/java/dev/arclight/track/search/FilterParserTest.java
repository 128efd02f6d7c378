package dev.arclight.track.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.base.ArclightException;
import dev.arclight.track.search.Field.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

final class FilterParserTest {
    @Test
    void aBlankFilterHasNoConditions() {
        assertThat(FilterParser.filter(Subject.RUNS, "  \n")).isEmpty();
    }

    @Test
    void keysAreBareDottedOrQuoted() {
        for (String text : List.of(
                "tags.mlflow.parentRunId = 'x'",
                "tag.`mlflow.parentRunId` = \"x\"",
                "tags.\"mlflow.parentRunId\"='x'",
                "  TAGS".toLowerCase(Locale.ROOT) + ".mlflow.parentRunId = 'x'")) {
            assertThat(FilterParser.filter(Subject.RUNS, text))
                    .containsExactly(new Comparison(
                            new Field(Kind.TAG, "mlflow.parentRunId"), Operator.EQUAL, new Operand.Text("x")));
        }
    }

    @Test
    void numbersHaveSignsAndExponents() {
        assertThat(FilterParser.filter(Subject.RUNS, "metrics.a>-1.5e-3 AND metrics.b<=.5 and metrics.c != 1e3"))
                .extracting(Comparison::operand)
                .containsExactly(new Operand.Numeric(-0.0015), new Operand.Numeric(0.5), new Operand.Numeric(1000));
    }

    @Test
    void aKeyMayBeginWithADigitOrBeAKeyword() {
        assertThat(FilterParser.filter(Subject.RUNS, "params.2 = '1' and params.and = 'x' and metrics.1e5 > 2"))
                .extracting(comparison -> comparison.field().key())
                .containsExactly("2", "and", "1e5");
    }

    @Test
    void anErrorNamesThePosition() {
        assertThatThrownBy(() -> FilterParser.filter(Subject.RUNS, "metrics.a = 1 OR metrics.b = 2"))
                .hasMessageContaining("'OR' at position 15");
        assertThatThrownBy(() -> FilterParser.filter(Subject.RUNS, "params.a = 'x"))
                .hasMessageContaining("position 12")
                .hasMessageContaining("never closed");
        assertThatThrownBy(() -> FilterParser.filter(Subject.RUNS, "params.a ="))
                .hasMessageContaining("the end");
    }

    @Test
    void anOrderNamesAFieldAndADirectionOnce() {
        assertThat(FilterParser.order(Subject.RUNS, List.of("metrics.`a b` desc", "start_time", "params.x ASC")))
                .containsExactly(
                        new OrderBy(new Field(Kind.METRIC, "a b"), false),
                        new OrderBy(new Field(Kind.ATTRIBUTE, "start_time"), true),
                        new OrderBy(new Field(Kind.PARAM, "x"), true));
        assertThatThrownBy(() -> FilterParser.order(Subject.RUNS, List.of("metrics.a", "metrics.a DESC")))
                .hasMessageContaining("duplicate");
        assertThatThrownBy(() -> FilterParser.order(Subject.RUNS, List.of("metrics.a DOWN")))
                .isInstanceOf(ArclightException.class);
    }

    @Property(tries = 500)
    void whatIsWrittenIsRead(@ForAll("filters") List<Comparison> filter) {
        List<String> parts = new ArrayList<>();
        for (Comparison comparison : filter) {
            parts.add(write(comparison));
        }
        assertThat(FilterParser.filter(Subject.RUNS, String.join(" and ", parts)))
                .isEqualTo(filter);
    }

    @Property(tries = 1000)
    void anyTextIsReadOrRefusedInOneSentence(@ForAll String text) {
        try {
            FilterParser.filter(Subject.RUNS, text);
        } catch (ArclightException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    @Provide
    Arbitrary<List<Comparison>> filters() {
        Arbitrary<String> key = Arbitraries.strings()
                .withChars("abcXYZ_09 .-/:é深")
                .ofMinLength(1)
                .ofMaxLength(12);
        Arbitrary<String> text = Arbitraries.strings().excludeChars('\'', '\\').ofMaxLength(10);
        Arbitrary<Comparison> metric = Combinators.combine(
                        key,
                        Arbitraries.of(
                                Operator.EQUAL,
                                Operator.NOT_EQUAL,
                                Operator.LESS,
                                Operator.LESS_OR_EQUAL,
                                Operator.GREATER,
                                Operator.GREATER_OR_EQUAL),
                        Arbitraries.doubles())
                .as((name, operator, value) ->
                        new Comparison(new Field(Kind.METRIC, name), operator, new Operand.Numeric(value)));
        Arbitrary<Comparison> param = Combinators.combine(
                        Arbitraries.of(Kind.PARAM, Kind.TAG),
                        key,
                        Arbitraries.of(Operator.EQUAL, Operator.NOT_EQUAL, Operator.LIKE, Operator.ILIKE),
                        text)
                .as((kind, name, operator, value) ->
                        new Comparison(new Field(kind, name), operator, new Operand.Text(value)));
        Arbitrary<Comparison> absent = Combinators.combine(key, Arbitraries.of(Operator.IS_NULL, Operator.IS_NOT_NULL))
                .as((name, operator) -> new Comparison(new Field(Kind.TAG, name), operator, new Operand.Nothing()));
        Arbitrary<Comparison> list = Combinators.combine(
                        Arbitraries.of(Operator.IN, Operator.NOT_IN),
                        text.list().ofMinSize(1).ofMaxSize(3))
                .as((operator, values) ->
                        new Comparison(new Field(Kind.ATTRIBUTE, "run_id"), operator, new Operand.Texts(values)));
        return Arbitraries.oneOf(metric, param, absent, list).list().ofMaxSize(4);
    }

    private static String write(Comparison comparison) {
        String key = "%s.`%s` %s"
                .formatted(
                        comparison.field().kind().name().toLowerCase(Locale.ROOT),
                        comparison.field().key(),
                        comparison.operator().text());
        Operand operand = comparison.operand();
        if (operand instanceof Operand.Texts texts) {
            return key + " ('" + String.join("','", texts.values()) + "')";
        }
        if (operand instanceof Operand.Text text) {
            return key + "'" + text.value() + "'";
        }
        return operand instanceof Operand.Numeric number ? key + " " + number.value() : key;
    }
}
