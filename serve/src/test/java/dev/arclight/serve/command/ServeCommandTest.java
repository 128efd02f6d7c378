package dev.arclight.serve.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.base.ArclightException;
import dev.arclight.base.Cleanup;
import dev.arclight.base.Settings;
import dev.arclight.base.command.CommandContext;
import dev.arclight.base.progress.Progress;
import dev.arclight.model.DataType;
import dev.arclight.model.GoldenRows;
import dev.arclight.model.ModelWriter;
import dev.arclight.model.Signature;
import dev.arclight.model.xgboost.TreeNode;
import dev.arclight.model.xgboost.XGBoostFile;
import dev.arclight.serve.ScoringClient;
import dev.arclight.testing.Await;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

@Timeout(60)
final class ServeCommandTest {
    private static final Pattern URL = Pattern.compile("http://[0-9.:]+");

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();

    private FutureTask<Integer> command(String... arguments) {
        ServeCommand command = new ServeCommand();
        new CommandLine(command).parseArgs(arguments);
        PrintWriter writer = new PrintWriter(out, true);
        CommandContext context =
                new CommandContext(writer, writer, Progress.NONE, Settings.empty(), new Cleanup(), false);
        return new FutureTask<>(() -> command.run(context));
    }

    private void writeModel(Path directory) {
        XGBoostFile file = XGBoostFile.ofTrees("reg:squarederror", List.of("a"), 0, List.of(new TreeNode.Leaf(3)));
        ModelWriter.xgboost(
                        file,
                        Signature.table(List.of("a"), DataType.DOUBLE, 1),
                        GoldenRows.of(1, new float[] {0}, 1, new float[] {3}, 1))
                .write(directory);
    }

    @Test
    void aDirectoryIsServedUntilInterrupted() throws Exception {
        Path directory = folder.resolve("my-model");
        writeModel(directory);
        FutureTask<Integer> task = command(directory.toString(), "--port", "0");
        Thread thread = new Thread(task);
        thread.start();
        Await.until(
                "it says where it listens, or ended",
                Duration.ofSeconds(30),
                () -> !thread.isAlive() || URL.matcher(out.toString()).find());
        Matcher url = URL.matcher(out.toString());
        assertThat(url.find()).as(out.toString()).isTrue();
        assertThat(ScoringClient.of(URI.create(url.group()), List.of("a")).score(new float[] {1}, 1))
                .containsExactly(3);
        thread.interrupt();
        assertThat(task.get(30, TimeUnit.SECONDS)).isZero();
        assertThat(out.toString()).contains("my-model").contains("stopped");
    }

    @Test
    void whatCannotBeServedIsOneSentence() throws Exception {
        assertRefused("no file named MLmodel", folder.toString());
        assertRefused(
                "no tracking store",
                "models:/m@champion",
                "--tracking",
                folder.resolve("none").toString());
        Path directory = folder.resolve("m");
        writeModel(directory);
        assertRefused("without a token", directory.toString(), "--host", "0.0.0.0", "--port", "0");
        Path token = Files.writeString(folder.resolve("token"), "short");
        assertRefused("at least 16", directory.toString(), "--token-file", token.toString());
        assertRefused("Two models", directory.toString(), directory.toString());
    }

    /** Catches a default, or a form of arguments, that the two readers take differently. */
    @ParameterizedTest
    @ValueSource(strings = {"m", "m --port 7", "--port 07 m models:/n@a=9,b=1", "a b c", "a --port 65535 b"})
    void plainArgumentsAreTakenAsPicocliReadsThem(String line) {
        ServeCommand plain = new ServeCommand();
        assertThat(plain.takes(List.of(line.split(" ", -1)))).isTrue();
        ServeCommand parsed = new ServeCommand();
        new CommandLine(parsed).parseArgs(line.split(" ", -1));
        assertThat(plain).usingRecursiveComparison().isEqualTo(parsed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--port 1",
                "m --port",
                "m --port x",
                "m --port -1",
                "m --port 1 --port 2",
                "m --port=1",
                "m --host 0.0.0.0",
                "@file",
                "m -- n",
                "m --help",
                "m --port 123456"
            })
    void allOthersAreLeftToPicocli(String line) {
        assertThat(new ServeCommand().takes(List.of(line.split(" ", -1)))).isFalse();
    }

    private void assertRefused(String message, String... arguments) {
        FutureTask<Integer> task = command(arguments);
        task.run();
        assertThatThrownBy(() -> task.get(1, TimeUnit.SECONDS))
                .hasCauseInstanceOf(ArclightException.class)
                .hasMessageContaining(message);
    }
}
