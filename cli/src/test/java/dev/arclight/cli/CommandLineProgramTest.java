package dev.arclight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CommandLineProgramTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void versionNamesItselfAndWhatItRunsOn() {
        assertThat(run(Map.of(), "version")).isZero();
        assertThat(out.toString())
                .startsWith("arclight 0.")
                .contains("spark 4.1.0", "java " + System.getProperty("java.version"))
                .doesNotContain("${");
    }

    @Test
    void everyCommandHasHelp() {
        for (String name : CommandLineProgram.names()) {
            out.getBuffer().setLength(0);
            assertThat(run(Map.of(), name, "--help")).as(name).isZero();
            assertThat(out.toString()).as(name).startsWith("Usage: arclight " + name);
        }
        assertThat(CommandLineProgram.names()).contains("version", "doctor", "config", "completion");
    }

    @ParameterizedTest
    @CsvSource({
        "versoin, Did you mean: arclight version",
        "--bar, Unknown option: '--bar'",
        "'', there is no command 'arclight '",
        "nonsense, there is no command 'arclight nonsense'",
    })
    void wrongUsageIsExitCodeTwoAndOneHint(String argument, String hint) {
        assertThat(run(Map.of(), argument)).isEqualTo(2);
        assertThat(err.toString())
                .startsWith("arclight: ")
                .contains(hint)
                .contains("--help")
                .doesNotContain("\tat ");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void doctorKnowsTheCloudsThatModulesBringAlone() {
        assertThat(run(Map.of(), "doctor", "--cloud", "nowhere")).isEqualTo(2);
        assertThat(err.toString()).contains("--cloud nowhere: there is []");
    }

    @Test
    void noCommandShowsHelpAndIsWrongUsage() {
        assertThat(run(Map.of())).isEqualTo(2);
        assertThat(err.toString()).contains("Usage: arclight");
    }

    @Test
    void configTellsWhereAValueComesFromAndHidesSecrets(@TempDir Path home) throws Exception {
        Files.createDirectories(home.resolve("arclight"));
        Files.writeString(home.resolve("arclight/config.properties"), "arclight.from-file=1\narclight.both=file\n");
        Map<String, String> environment = Map.of(
                "XDG_CONFIG_HOME", home.toString(), "ARCLIGHT_BOTH", "environment", "ARCLIGHT_SERVER_TOKEN", "s3cret");
        assertThat(run(environment, "config", "--set", "arclight.from-flag=2")).isZero();
        assertThat(out.toString())
                .contains(
                        "arclight.from-file = 1",
                        home.resolve("arclight/config.properties").toString())
                .contains("arclight.both = environment", "environment ARCLIGHT_BOTH")
                .contains("arclight.from-flag = 2", "flag --set")
                .contains("arclight.server-token = (hidden)")
                .doesNotContain("s3cret");
    }

    @Test
    void completionCoversEveryCommand() {
        assertThat(run(Map.of(), "completion")).isZero();
        assertThat(out.toString()).contains(CommandLineProgram.names());
    }

    private int run(Map<String, String> environment, String... arguments) {
        return new CommandLineProgram(new PrintWriter(out), new PrintWriter(err), environment).run(arguments);
    }
}
