package dev.arclight.engine.shell;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import jdk.jshell.execution.LocalExecutionControl;
import jdk.jshell.spi.ExecutionControl;
import jdk.jshell.spi.ExecutionControlProvider;
import jdk.jshell.spi.ExecutionEnv;

/**
 * Runs snippets in this process, next to the session, and leaves their classes where Spark's executors fetch them: so a
 * lambda that was typed in runs on any master. Found by JShell through ServiceLoader.
 */
public final class ShellExecution implements ExecutionControlProvider {
    static final String NAME = "arclight";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public ExecutionControl generate(ExecutionEnv environment, Map<String, String> parameters) {
        Path classes = Shell.classes();
        return new LocalExecutionControl() {
            @Override
            public void load(ClassBytecodes[] loaded)
                    throws ClassInstallException, NotImplementedException, EngineTerminationException {
                for (ClassBytecodes one : loaded) {
                    keep(classes, one);
                }
                super.load(loaded);
            }
        };
    }

    private static void keep(Path classes, ExecutionControl.ClassBytecodes loaded) {
        Path file = classes.resolve(loaded.name().replace('.', '/') + ".class");
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, loaded.bytecodes());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot keep the class of a snippet at " + file, e);
        }
    }
}
