package dev.arclight.dist;

import dev.arclight.testing.Needs;
import dev.arclight.testing.Processes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The launcher of the release folder that this build made, started as a user does. */
final class Launcher {
    private final Map<String, String> environment;

    private Launcher(Map<String, String> environment) {
        this.environment = environment;
    }

    static Launcher ofThisBuild() {
        return new Launcher(Map.of());
    }

    Launcher with(Map<String, String> environment) {
        return new Launcher(environment);
    }

    static Path path() {
        return Needs.root().resolve("dist/target/arclight/bin/arclight");
    }

    /** Runs to the end, whatever the exit code. */
    Processes.Finished run(Duration timeout, Object... arguments) {
        return Processes.finish(timeout, environment, command(arguments));
    }

    /**
     * Runs to the end.
     *
     * @return what it printed on standard output
     * @throws AssertionError with all that it printed, if it exits non-zero
     */
    String output(Duration timeout, Object... arguments) {
        return Processes.run(timeout, environment, command(arguments));
    }

    private static List<String> command(Object... arguments) {
        List<String> command = new ArrayList<>(List.of(path().toString()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return command;
    }
}
