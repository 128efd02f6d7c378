package dev.arclight.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.model.Field;
import dev.arclight.model.Signature;
import dev.arclight.web.HttpError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Requests to models whose signature has tensors, without a model. */
final class TensorRowsTest {
    private static final String BODY =
            "{\"inputs\": {\"count\": [[1, 2], [3, 4]], \"image\": [[[0.5, 1], [2, 3], [4, 5]], [[6, 7], [8, 9], [10, null]]]}}";

    private static final InputSchema TWO = InputSchema.of(
            new Signature(
                    List.of(
                            new Field.Tensor("image", "float32", List.of(-1, 3, 2)),
                            new Field.Tensor("count", "int64", List.of(-1, 2))),
                    List.of(),
                    List.of()),
            8);

    private static Rows read(InputSchema schema, String body) throws IOException {
        return new JsonRows(schema, new RequestParams(List.of())).read(body.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void numbersLieInTheOrderOfTheSignatureHoweverTheyCome() throws IOException {
        float[] expected = {0.5f, 1, 2, 3, 4, 5, 1, 2, 6, 7, 8, 9, 10, Float.NaN, 3, 4};
        for (String body : List.of(
                BODY,
                "{\"instances\": [{\"image\": [[0.5, 1], [2, 3], [4, 5]], \"count\": [1, 2]}, {\"count\": [3, 4], \"other\": [{}], \"image\": [[6, 7], [8, 9], [10, null]]}]}")) {
            Rows rows = read(TWO, body);
            assertThat(rows.count()).isEqualTo(2);
            assertThat(Arrays.copyOf(rows.values(), 16)).containsExactly(expected);
        }
        assertThat(new TensorRows(TWO).body(Integer::toString))
                .isEqualTo("{\"inputs\": {\"image\": [[[0,1],[2,3],[4,5]]], \"count\": [[6,7]]}}");
    }

    @Test
    void theOnlyTensorNeedsNoName() throws IOException {
        InputSchema scalars =
                InputSchema.of(new Signature(List.of(Field.Tensor.of("float64", -1)), List.of(), List.of()), 1);
        Rows rows = read(scalars, "{\"inputs\": [1, 2.5, 3]}");
        assertThat(Arrays.copyOf(rows.values(), rows.count())).containsExactly(1, 2.5f, 3);
        assertThatThrownBy(() -> read(scalars, "{\"inputs\": {\"x\": [1]}}"))
                .isInstanceOf(HttpError.class)
                .hasMessageContaining("only tensor has no name");
        assertThatThrownBy(() -> read(scalars, "{\"inputs\": [[1]]}"))
                .isInstanceOf(HttpError.class)
                .hasMessageContaining("an array is no single value");
    }

    /** Catches a body that ends or changes anywhere and is neither read nor refused. */
    @Test
    void damagedBodiesAreRefusedOrRead() throws IOException {
        Random random = new Random(3);
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = BODY.getBytes(StandardCharsets.UTF_8);
            for (int n = 1 + random.nextInt(3); n > 0; n--) {
                bytes[random.nextInt(bytes.length)] = (byte) "[]{}\",:019n".charAt(random.nextInt(11));
            }
            try {
                Rows rows = new JsonRows(TWO, new RequestParams(List.of()))
                        .read(random.nextBoolean() ? bytes : Arrays.copyOf(bytes, random.nextInt(bytes.length)));
                assertThat(rows.width()).isEqualTo(8);
            } catch (HttpError e) {
                assertThat(e.getMessage()).isNotBlank();
                refused++;
            }
        }
        assertThat(refused).isBetween(10_000, 19_990);
    }
}
