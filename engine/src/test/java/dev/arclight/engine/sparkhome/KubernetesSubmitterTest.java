package dev.arclight.engine.sparkhome;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.util.Properties;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class KubernetesSubmitterTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"plain", " two  words ", "a\\b", "one\nspark.other=two", "tab\tand\rreturn", "ümlaut=x:y#z"})
    void aSettingReadsBackAsItWasGiven(String value) throws IOException {
        Properties read = new Properties();
        read.load(new StringReader("spark.some=" + KubernetesSubmitter.escaped(value) + "\n"));
        assertThat(read).hasSize(1).containsEntry("spark.some", value);
    }
}
