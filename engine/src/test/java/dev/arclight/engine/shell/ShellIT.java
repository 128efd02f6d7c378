package dev.arclight.engine.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.engine.Arclight;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("full")
final class ShellIT {
    @TempDir
    Path classes;

    @Test
    void snippetsUseTheSessionAndTheirLambdasRunInTasks() throws Exception {
        String typed = """
                spark.range(5).count()
                sql("SELECT 6 * 7 AS answer").first().getInt(0)
                spark.range(4).map((org.apache.spark.api.java.function.MapFunction<Long, Long>) x -> x * 10, Encoders.LONG()).collectAsList()
                arclight.master().text()
                /exit
                """;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        try (Arclight arclight = Arclight.builder("shell-test")
                        .master("local[2]")
                        .spark("spark.repl.class.outputDir", classes.toString())
                        .start();
                PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8)) {
            new JShellSession(arclight, classes)
                    .run(new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8)), out, out);
        }
        assertThat(said.toString(StandardCharsets.UTF_8))
                .contains("==> 5")
                .contains("==> 42")
                .contains("[0, 10, 20, 30]")
                .contains("\"local[2]\"");
    }
}
