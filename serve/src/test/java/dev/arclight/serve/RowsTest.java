package dev.arclight.serve;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.web.HttpError;
import org.junit.jupiter.api.Test;

final class RowsTest {
    /**
     * Catches a body that takes all memory: one column or empty objects make rows of as many values as the model has.
     */
    @Test
    void rowsThatNoBodyCouldHoldAreRefusedBeforeTheyTakeMemory() {
        Rows rows = new Rows(16 << 20);
        rows.begin();
        rows.begin();
        assertThatThrownBy(rows::begin)
                .isInstanceOf(HttpError.class)
                .hasMessageContaining("more than 2 rows of 16777216 inputs");
    }
}
