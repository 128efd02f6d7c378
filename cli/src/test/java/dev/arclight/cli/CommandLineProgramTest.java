package dev.arclight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
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

    @Test
    void anAnswerThatNobodyTookIsAFailure() {
        OutputStream full = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("No space left on device");
            }
        };
        PrintWriter taken = new PrintWriter(new PrintStream(full), false, StandardCharsets.UTF_8);
        assertThat(new CommandLineProgram(taken, new PrintWriter(err), Map.of()).run("version"))
                .isEqualTo(1);
        assertThat(err.toString()).startsWith("arclight: Standard output did not take all");
    }

    @Test
    void configHidesPasswordsInAddresses() {
        Map<String, String> environment = Map.of(
                "ARCLIGHT_TRACKING_URI", "jdbc:postgresql://db:5432/t?user=me&password=hunter2&ssl=true",
                "ARCLIGHT_OTHER_URI", "https://me:hunter3@host/path");
        assertThat(run(environment, "config")).isZero();
        assertThat(out.toString())
                .contains("jdbc:postgresql://db:5432/t?user=me&password=(hidden)&ssl=true")
                .contains("https://me:(hidden)@host/path")
                .doesNotContain("hunter");
    }
}
