package dev.arclight.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.base.ArclightException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CanaryTest {
    @Test
    void theShareIsKeptAndTheSameBodyGoesTheSameWay() {
        Canary canary = Canary.ofAliases("models:/m@a=90,b=7.5,c=2.5", "a=90,b=7.5,c=2.5");
        int[] counts = new int[3];
        int bodies = 40_000;
        for (int i = 0; i < bodies; i++) {
            byte[] body = ("{\"inputs\": [[" + i + "]]}").getBytes(StandardCharsets.UTF_8);
            String key = canary.pick(body);
            assertThat(canary.pick(body.clone())).isEqualTo(key);
            counts[List.of("a", "b", "c").indexOf(key)]++;
        }
        // Five standard deviations of a binomial count: sqrt(n p (1 - p)) is at most 60 here.
        assertThat(counts[0]).isBetween(36_000 - 300, 36_000 + 300);
        assertThat(counts[1]).isBetween(3000 - 265, 3000 + 265);
        assertThat(counts[2]).isBetween(1000 - 160, 1000 + 160);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a=90,b=9", "a=50,a=50", "a", "a=,b=100", "a=100,", "=100", "a=-5,b=105"})
    void whatDoesNotAddUpIsRefused(String shares) {
        assertThatThrownBy(() -> Canary.ofAliases("models:/m@" + shares, shares))
                .isInstanceOf(ArclightException.class)
                .hasMessageContaining("models:/m@" + shares);
    }

    @Test
    void costsGiveTheThreshold() {
        // Equal where p * falseNegative = (1 - p) * falsePositive.
        assertThat(Decision.ofCosts(1, 3).threshold()).isEqualTo(0.25);
        assertThat(Decision.ofCosts(1, 3).label(0.25f)).isEqualTo(1);
        assertThat(Decision.ofCosts(1, 3).label(0.2499f)).isZero();
        assertThatThrownBy(() -> Decision.ofCosts(0, 1)).hasMessageContaining("above 0");
        assertThatThrownBy(() -> new Decision(Double.NaN)).hasMessageContaining("NaN");
    }
}
