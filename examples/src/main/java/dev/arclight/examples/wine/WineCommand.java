package dev.arclight.examples.wine;

import dev.arclight.base.ArclightException;
import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import dev.arclight.engine.EngineSettings;
import dev.arclight.engine.Master;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code arclight demo wine}. */
@Command(
        name = "wine",
        description = {
            "Wine quality: load or generate tables, profile them, train, tune, track, register, score and serve, and"
                    + " write a report.",
            ""
        },
        sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class WineCommand implements ArclightCommand {
    static final String OUT = "arclight-out";

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Folder with winequality-red.csv and winequality-white.csv. Without it, tables of the same"
                    + " shape are generated.")
    private @Nullable Path data;

    @Option(
            names = "--splits",
            paramLabel = "DIR",
            description = "Folder with train.csv, val.csv and test.csv, label in column \"label\"; instead of splitting"
                    + " here.")
    private @Nullable Path splits;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = OUT,
            description = "Output folder (default: ${DEFAULT-VALUE}).")
    private Path out;

    @Option(
            names = "--evals",
            paramLabel = "N",
            defaultValue = "32",
            description = "Trials of the sweep (default: ${DEFAULT-VALUE}).")
    private int evals;

    @Option(
            names = "--parallelism",
            paramLabel = "P",
            description =
                    "Trials at a time, one core each (default: cores, at most 4). Results do not depend on it up to"
                            + " 4.")
    private @Nullable Integer parallelism;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "123",
            description = "Seed of data, split, forest and sweep (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--master",
            paramLabel = "M",
            description = "Spark engine: local[N], spark://HOST:PORT, ray, ray:HOST:PORT, ray:local, ... (default:"
                    + " local[*]).")
    private @Nullable String master;

    @Option(names = "--serve", description = "Leave the scoring server up at the end, until Ctrl-C.")
    private boolean serve;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "5001",
            description = "Port of the scoring server with --serve (default: ${DEFAULT-VALUE}).")
    private int port;

    @Spec
    private CommandSpec spec;

    @Override
    public int run(CommandContext context) throws Exception {
        int processors = Runtime.getRuntime().availableProcessors();
        int trialsAtATime = parallelism == null ? Math.min(4, processors) : parallelism;
        require(evals >= 1 && evals <= 10_000, "--evals", evals, "1 to 10000");
        require(trialsAtATime >= 1 && trialsAtATime <= 256, "--parallelism", trialsAtATime, "1 to 256");
        require(port >= 0 && port <= 65535, "--port", port, "0 (any free one) to 65535");
        WineDemo.Options options = new WineDemo.Options(
                Optional.ofNullable(data),
                Optional.ofNullable(splits),
                out,
                evals,
                trialsAtATime,
                seed,
                master(context),
                serve ? Optional.of(port) : Optional.empty());
        new WineDemo(options, context).run();
        return 0;
    }

    private Master master(CommandContext context) {
        String text = master != null ? master : context.settings().text(EngineSettings.MASTER);
        try {
            return Master.of(text);
        } catch (ArclightException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private void require(boolean holds, String option, long seen, String expected) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), "%s is %d, expected %s".formatted(option, seen, expected));
        }
    }
}
