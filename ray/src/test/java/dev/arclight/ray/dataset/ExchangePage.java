package dev.arclight.ray.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.engine.Arclight;
import dev.arclight.testing.Needs;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The programs that {@code docs/exchange.md} shows. */
final class ExchangePage {
    private final String text;
    private final Path folder;

    private ExchangePage(String text, Path folder) {
        this.text = text;
        this.folder = folder;
    }

    /** @param folder for classes */
    static ExchangePage read(Path folder) throws IOException {
        return new ExchangePage(Files.readString(Needs.root().resolve("docs/exchange.md")), folder);
    }

    /** Its blocks in a language. */
    List<String> blocks(String language) {
        return Pattern.compile("(?s)```" + language + "\n(.*?)```")
                .matcher(text)
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    /** Compiles and runs a block of Java, which sees the parameters by their names and {@code spark}. */
    void runJava(int number, Arclight arclight, Dataset<Row> df, Dataset<Row> stream) throws Exception {
        String name = "Shown" + number;
        String program = """
            import dev.arclight.engine.Arclight;
            import dev.arclight.ray.dataset.*;
            import org.apache.spark.sql.*;
            import org.apache.spark.sql.streaming.Trigger;
            public class %s {
                public static void run(Arclight arclight, SparkSession spark, Dataset<Row> df, Dataset<Row> stream)
                        throws Exception {
            %s
                }
            }
            """.formatted(name, blocks("java").get(number));
        Path source = Files.writeString(folder.resolve(name + ".java"), program);
        String classPath = System.getProperty("java.class.path");
        assertThat(ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, "-cp", classPath, "-d", folder.toString(), source.toString()))
                .isZero();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()}, ExchangePage.class.getClassLoader())) {
            loader.loadClass(name)
                    .getMethod("run", Arclight.class, SparkSession.class, Dataset.class, Dataset.class)
                    .invoke(null, arclight, arclight.spark(), df, stream);
        }
    }
}
