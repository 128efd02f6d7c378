package dev.arclight.tables.profile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ColumnSketchTest {
    @Test
    void longsThatADoubleCannotTellApartAreDifferentValues() {
        ColumnSketch first = new ColumnSketch(true);
        ColumnSketch second = new ColumnSketch(true);
        for (long i = 0; i < 1_000; i++) {
            long id = (1L << 60) + i;
            first.add((double) id, id);
            second.add((double) (id + 500), id + 500);
        }
        assertThat(first.distinctValues()).isEqualTo(1_000);
        first.merge(second);
        assertThat(first.distinctValues()).isEqualTo(1_500);
    }
}
