package dev.arclight.examples.taxi;

import dev.arclight.base.ArclightException;
import dev.arclight.base.AtomicFiles;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import dev.arclight.engine.Arclight;
import dev.arclight.engine.EngineOptions;
import dev.arclight.raytrain.RayTrainModel;
import dev.arclight.raytrain.Report;
import dev.arclight.track.ActiveRun;
import dev.arclight.track.RunStart;
import dev.arclight.track.Tracking;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code arclight taxi fare}. */
@Command(
        name = "fare",
        description = {
            "Learn what trips cost from where and when they begin and where they end: features by Spark, a network of"
                    + " PyTorch's trained by Ray Train on the same Ray cluster, whose Python has ray[train,data] and"
                    + " torch.",
            ""
        },
        sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class FareCommand implements ArclightCommand {
    @Option(names = "--service", defaultValue = "yellow", description = "yellow or green (default: ${DEFAULT-VALUE}).")
    private String service;

    @Option(
            names = "--input",
            required = true,
            arity = "1..*",
            paramLabel = "PATH",
            description = "Converted trips with coordinates: up to June 2016.")
    private List<String> input;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "The tracking store; made if needed.")
    private String out;

    @Option(names = "--epochs", paramLabel = "N", defaultValue = "10", description = "Passes (default: 10).")
    private int epochs;

    @Option(names = "--workers", paramLabel = "N", defaultValue = "1", description = "Processes (default: 1).")
    private int workers;

    @Option(
            names = "--worker-cpus",
            paramLabel = "N",
            defaultValue = "1",
            description = "CPUs that each worker reserves, beside those of Spark's executors (default: 1).")
    private double workerCpus;

    @Mixin
    private EngineOptions engine;

    @Spec
    private CommandSpec spec;

    @Override
    public int run(CommandContext context) {
        if (!List.of("yellow", "green").contains(service)) {
            throw new ParameterException(
                    spec.commandLine(), "--service is '%s', expected yellow or green".formatted(service));
        }
        TaxiService kind = TaxiService.valueOf(service.toUpperCase(Locale.ROOT));
        try (Tracking tracking = Tracking.open(out);
                Arclight arclight = engine.start("taxi fare", context);
                ActiveRun run = tracking.start(
                        RunStart.in(tracking.experiment("taxi-fares")).named("fares"))) {
            return run.perform(open -> {
                Dataset<Row> trips = TaxiFare.features(kind.table().view(arclight.spark(), input));
                train(context, trips, open);
                return 0;
            });
        }
    }

    private void train(CommandContext context, Dataset<Row> trips, ActiveRun run) {
        try {
            Path code = TaxiFare.code();
            try {
                RayTrainModel model = TaxiFare.estimator(code)
                        .epochs(epochs)
                        .workers(workers)
                        .workerResource("CPU", workerCpus)
                        .progress(context.progress())
                        .track(run)
                        .fit(trips);
                Report last = model.history().get(model.history().size() - 1);
                context.out()
                        .printf(
                                "%d epochs, off by %.2f dollars (mean, validation); run %s of experiment taxi-fares in %s%n",
                                model.history().size(),
                                last.metrics().getOrDefault("validation_mae", Double.NaN),
                                run.id(),
                                out);
            } finally {
                AtomicFiles.deleteTree(code);
            }
        } catch (IOException e) {
            throw new ArclightException(ErrorCode.UNAVAILABLE, "Cannot write a temporary folder: " + e.getMessage(), e);
        }
    }
}
