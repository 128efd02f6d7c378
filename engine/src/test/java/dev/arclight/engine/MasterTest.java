package dev.arclight.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.base.ArclightException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MasterTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "local[3]",
                "spark://a:7077",
                "spark://a:7077,b:7077",
                "yarn",
                "k8s://https://1.2.3.4:6443",
                "ray",
                "ray:local",
                "ray:10.0.0.1:6379",
                "ray:[fe80::1]:6379"
            })
    void theCanonicalTextParsesToItself(String text) {
        assertThat(Master.of(text).text()).isEqualTo(text);
        assertThat(Master.of(Master.of(text).text())).isEqualTo(Master.of(text));
    }

    @Test
    void localStarTakesAllProcessors() {
        assertThat(Master.of("local[*]"))
                .isEqualTo(new Master.Local(Runtime.getRuntime().availableProcessors()));
        assertThat(Master.of("local")).isEqualTo(new Master.Local(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"aml", "aml-serverless", "synapse", "dataproc", "dataproc-serverless", "databricks"})
    void aCloudsServiceIsNoMasterOfASession(String text) {
        assertThat(Master.of(text)).isEqualTo(new Master.Platform(text));
        assertThatThrownBy(() -> Arclight.builder("app").master(text).start())
                .isInstanceOf(ArclightException.class)
                .hasMessageContaining("arclight submit --master " + text);
    }

    @ParameterizedTest
    @CsvSource({
        "ray://head:10001, ray:HOST:PORT",
        "local[0], 1 to 9999",
        "local[99999999999], 1 to 9999",
        "Local[2], did you mean local[2]?",
        "ray:host, expected local[N]",
        "ray:host:99999, expected local[N]",
        "spark://host, expected local[N]",
        "spark://host:70000, expected local[N]",
        "mesos://x, expected local[N]",
        "databrick, 'to submit, aml, aml-serverless, databricks, dataproc, dataproc-serverless, synapse'",
        "'', expected local[N]"
    })
    void whatIsNoMasterIsRefusedWithWhatIsOne(String text, String hint) {
        assertThatThrownBy(() -> Master.of(text))
                .isInstanceOf(ArclightException.class)
                .hasMessageContaining("'" + text + "'")
                .hasMessageContaining(hint);
    }
}
