package dev.arclight.engine.shell;

import dev.arclight.engine.Arclight;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import jdk.jshell.tool.JavaShellToolBuilder;

/** One run of JShell around a session. */
final class JShellSession {
    private static final String STARTUP = """
            import org.apache.spark.sql.*;
            import org.apache.spark.sql.types.*;
            import static org.apache.spark.sql.functions.*;
            import java.util.*;
            import java.util.stream.*;
            import dev.arclight.base.report.Axis;
            import dev.arclight.base.report.Chart;
            import dev.arclight.base.report.Charts;
            import static dev.arclight.engine.shell.Shell.*;
            var arclight = dev.arclight.engine.shell.Shell.session();
            var spark = arclight.spark();
            """;

    private final Arclight arclight;
    private final Path classes;

    JShellSession(Arclight arclight, Path classes) {
        this.arclight = arclight;
        this.classes = classes;
    }

    /** Reads until the user ends it; its exit code. */
    int run(InputStream in, PrintStream out, PrintStream err) throws Exception {
        Path startup = Files.createTempFile("arclight", ".jsh");
        Shell.Binding bound = Shell.bind(arclight, classes);
        try {
            Files.writeString(startup, STARTUP);
            return JavaShellToolBuilder.builder()
                    .in(in, null)
                    .out(out)
                    .err(err)
                    .start(
                            "--execution",
                            ShellExecution.NAME,
                            "--class-path",
                            System.getProperty("java.class.path"),
                            "--startup",
                            startup.toString());
        } finally {
            bound.close();
            Files.deleteIfExists(startup);
        }
    }
}
