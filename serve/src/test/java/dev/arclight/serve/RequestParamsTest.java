package dev.arclight.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.model.DataType;
import dev.arclight.model.Signature;
import dev.arclight.web.HttpError;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The same bodies as MLflow's {@code _enforce_params_schema} takes and refuses. */
final class RequestParamsTest {
    private static final Signature SIGNATURE = new Signature(
            Signature.table(List.of("a"), DataType.DOUBLE, 1).inputs(),
            List.of(),
            List.of(
                    new Signature.Param("depth", DataType.LONG, "3", null),
                    new Signature.Param("names", DataType.STRING, "[]", List.of(-1))));

    private static final JsonRows ROWS =
            new JsonRows(InputSchema.of(SIGNATURE, 1), new RequestParams(SIGNATURE.params()));

    private static Rows read(String params) throws IOException {
        return ROWS.read("{\"inputs\": {\"a\": [1, 2]}, \"params\": %s}"
                .formatted(params)
                .getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    @Test
    void whatIsDeclaredIsTakenAndWhatIsNotIsPassedOver() throws IOException {
        for (String params :
                List.of("null", "{}", "{\"depth\": 7, \"names\": [\"x\"]}", "{\"other\": {\"deep\": [1]}}")) {
            assertThat(read(params).count()).as(params).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"depth\": 1.5}     | 'depth' should be a value of type long, but is 1.5",
                "{\"depth\": [1]}     | 'depth' should be a value of type long, but is [1]",
                "{\"names\": \"x\"}   | 'names' should be an array of type string",
                "{\"names\": [\"x\", 1]} | 'names' should be an array of type string",
                "[1]                  | params should be an object"
            })
    void aValueOfAnotherTypeIsRefusedByName(String params, String message) {
        assertThatThrownBy(() -> read(params)).isInstanceOf(HttpError.class).hasMessageContaining(message);
    }
}
