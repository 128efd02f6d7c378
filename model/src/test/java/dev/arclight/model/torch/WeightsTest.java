package dev.arclight.model.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.base.ArclightException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class WeightsTest {
    private static final Weights WEIGHTS = new Weights(List.of(
            new Weights.Tensor("0.weight", new long[] {2, 3}, new float[] {1, -2, 3.5f, Float.MIN_VALUE, 0, -0f}),
            new Weights.Tensor("scale", new long[] {}, new float[] {7})));

    @Test
    void areReadBack() {
        assertThat(Weights.read(WEIGHTS.toBytes(), "it")).isEqualTo(WEIGHTS);
    }

    @Test
    void thatAreCutOffAnywhereAreRefused() {
        byte[] file = WEIGHTS.toBytes();
        for (int length = 0; length < file.length; length++) {
            byte[] cut = Arrays.copyOf(file, length);
            assertThatThrownBy(() -> Weights.read(cut, "it"))
                    .isInstanceOf(ArclightException.class)
                    .hasMessageStartingWith("it is ");
        }
    }

    @Test
    void ofOtherTypesAreRefusedByName() {
        byte[] file = new String(WEIGHTS.toBytes(), StandardCharsets.ISO_8859_1)
                .replaceFirst("F32", "F16")
                .getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> Weights.read(file, "w.safetensors"))
                .hasMessage(
                        "w.safetensors holds '0.weight' as F16, but weights are read as F32: save them with .float()");
    }
}
