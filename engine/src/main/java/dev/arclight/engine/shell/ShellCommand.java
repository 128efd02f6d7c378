package dev.arclight.engine.shell;

import dev.arclight.base.ArclightException;
import dev.arclight.base.AtomicFiles;
import dev.arclight.base.Cleanup;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import dev.arclight.engine.Arclight;
import dev.arclight.engine.EngineOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code arclight shell}. */
@Command(
        name = "shell",
        description = {
            "JShell with a session: 'spark' and 'arclight' are bound, sql(\"...\") runs a query, show(table) prints it,"
                    + " page(chart) writes a page. Completion by Tab, end by /exit.",
            ""
        },
        sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class ShellCommand implements ArclightCommand {
    @Mixin
    private EngineOptions engine;

    @Override
    public int run(CommandContext context) throws Exception {
        if (ModuleLayer.boot().findModule("jdk.jshell").isEmpty()) {
            throw new ArclightException(
                    ErrorCode.NOT_FOUND,
                    "The shell needs the module jdk.jshell, which a JDK has and this Java has not");
        }
        Path classes = Files.createTempDirectory("arclight-shell");
        Cleanup.Registration onStop = context.cleanup().register(() -> AtomicFiles.deleteTree(classes));
        try (Arclight arclight =
                engine.start("shell", context, Map.of("spark.repl.class.outputDir", classes.toString()))) {
            context.out().flush();
            context.err().flush();
            return new JShellSession(arclight, classes).run(System.in, System.out, System.err);
        } finally {
            onStop.close();
            AtomicFiles.deleteTree(classes);
        }
    }
}
