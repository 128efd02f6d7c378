package dev.arclight.examples.wine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.arclight.base.ArclightException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.ParameterException;

/** Each mistake gets one clear sentence, and what an earlier run wrote stays as it was. */
final class WineBadInputIT {
    private static final String RED = "winequality-red.csv";
    private static final String WHITE = "winequality-white.csv";

    @TempDir
    private Path folder;

    private Path data;
    private Path out;

    @BeforeEach
    void goodData() throws IOException {
        data = folder.resolve("data");
        out = folder.resolve("out");
        WineTables.write(data, 1, 100);
        Files.createDirectories(out.resolve("batch"));
        Files.writeString(out.resolve(".lock"), ""); // a run was here
        Files.writeString(out.resolve("summary.json"), "old");
        Files.writeString(out.resolve("report.html"), "old");
        Files.writeString(out.resolve("batch/part"), "old");
    }

    @ParameterizedTest
    @CsvSource({
        "--evals, 0, --evals is 0",
        "--evals, -3, 1 to 10000",
        "--parallelism, 0, --parallelism is 0",
        "--port, 70000, --port is 70000",
        "--master, ray://head:10001, ray:HOST:PORT",
        "--master, sprak://x, expected local[N]",
    })
    void wrongOptionsAreWrongUsage(String option, String value, String hint) {
        assertThatThrownBy(() -> DemoRun.of("--out", out, option, value))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining(hint);
    }

    @Test
    void aMissingFolderOrFileIsNamed() throws IOException {
        refused("--data", folder.resolve("nowhere"))
                .hasMessageContaining(folder.resolve("nowhere").toString());
        Files.delete(data.resolve(WHITE));
        refused("--data", data).hasMessageContaining(WHITE);
    }

    @Test
    void anotherSeparatorIsSeen() throws IOException {
        edit(RED, text -> text.replace(';', ','));
        refused("--data", data)
                .hasMessageContaining(RED)
                .hasMessageContaining("','")
                .hasMessageContaining("';'");
    }

    @Test
    void aMisspeltColumnIsNamedWithTheNearest() throws IOException {
        edit(RED, text -> text.replaceFirst("citric acid", "citrik acid"));
        refused("--data", data)
                .hasMessageContaining(RED)
                .hasMessageContaining("citric_acid")
                .hasMessageContaining("citrik");
    }

    @Test
    void aCellThatIsNoNumberIsNamedByFileLineAndColumn() throws IOException {
        edit(WHITE, text -> {
            String[] lines = text.split("\n", -1);
            lines[4] = "oops" + lines[4].substring(lines[4].indexOf(';'));
            return String.join("\n", lines);
        });
        refused("--data", data)
                .hasMessageContaining(WHITE)
                .hasMessageContaining("line 5")
                .hasMessageContaining("fixed_acidity")
                .hasMessageContaining("oops");
    }

    @Test
    void anEmptyFileIsNamed() throws IOException {
        edit(RED, text -> "");
        refused("--data", data).hasMessageContaining(RED).hasMessageContaining("empty");
    }

    @Test
    void onlyOneClassIsSaid() throws IOException {
        UnaryOperator<String> bad = text -> text.replaceAll("(?m);[789]$", ";5");
        edit(RED, bad);
        edit(WHITE, bad);
        refused("--data", data).hasMessageContaining("labels in the training split are 0");
    }

    @Test
    void aLabelThatIsNoNumberIsRefused() throws IOException {
        edit(RED, text -> text.replaceFirst("(?m);[0-9]$", ";NaN"));
        refused("--data", data)
                .hasMessageContaining("quality")
                .hasMessageContaining("NaN")
                .hasMessageContaining("line");
    }

    @Test
    void anOutputThatIsAFileIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "x");
        assertThatThrownBy(() -> DemoRun.of("--out", file, "--data", data))
                .isInstanceOf(ArclightException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("--out");
    }

    @Test
    void tablesThatTheRunWouldReplaceAreNotRead() throws IOException {
        Path own = Files.createDirectories(out.resolve("data"));
        Files.copy(data.resolve(RED), own.resolve(RED));
        refused("--data", own).hasMessageContaining("--data is " + own).hasMessageContaining("--out");
        assertThat(own.resolve(RED)).hasSameTextualContentAs(data.resolve(RED));
    }

    @Test
    void aPortThatIsTakenIsSaidBeforeTheWork() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            refused("--data", data, "--serve", "--port", taken.getLocalPort())
                    .hasMessageContaining("Port " + taken.getLocalPort() + " is taken");
        }
    }

    private org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable> refused(Object... arguments)
            throws IOException {
        Object[] all = new Object[arguments.length + 4];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        all[arguments.length] = "--out";
        all[arguments.length + 1] = out;
        all[arguments.length + 2] = "--evals";
        all[arguments.length + 3] = 1;
        Throwable failure = catchThrowable(() -> DemoRun.of(all));
        assertThat(out.resolve("summary.json")).hasContent("old");
        assertThat(out.resolve("report.html")).hasContent("old");
        assertThat(out.resolve("batch/part")).hasContent("old");
        try (var files = Files.list(out)) {
            assertThat(files.map(f -> f.getFileName().toString())).noneMatch(name -> name.startsWith(".staging"));
        }
        return assertThat(failure).isInstanceOf(ArclightException.class);
    }

    private void edit(String file, UnaryOperator<String> change) throws IOException {
        Path path = data.resolve(file);
        Files.writeString(path, change.apply(Files.readString(path)));
    }
}
