package dev.arclight.examples.wine;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import dev.arclight.base.progress.Progress;
import dev.arclight.engine.Arclight;
import dev.arclight.track.Tracking;
import dev.arclight.tune.Outcome;
import dev.arclight.tune.Pruner;
import dev.arclight.tune.StudyResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Both sides of {@code bench/run pruning}: the wine sweep with seeds 1, 2, ..., all logged, and one JSON line. */
@Command(name = "bench-pruning", hidden = true, description = "Both sides of 'bench/run pruning'.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class BenchPruningCommand implements ArclightCommand {
    /** What {@code --pruner} takes. */
    enum Pruning {
        NONE,
        MEDIAN,
        ASHA;

        Pruner pruner() {
            return switch (this) {
                case NONE -> Pruner.none();
                case MEDIAN -> Pruner.median(10, 30);
                case ASHA -> Pruner.asha(30, 3);
            };
        }
    }

    @Option(names = "--splits", required = true, description = "Folder with train.csv, val.csv and test.csv.")
    private Path splits;

    @Option(names = "--out", required = true, description = "Folder for the tracking store.")
    private Path out;

    @Option(names = "--pruner", required = true, description = "${COMPLETION-CANDIDATES}.")
    private Pruning pruning;

    @Option(names = "--trials", defaultValue = "96", description = "Of each seed.")
    private int trials;

    @Option(names = "--seeds", defaultValue = "5", description = "How many sweeps.")
    private int seeds;

    @Option(names = "--parallelism", defaultValue = "2", description = "Trials at a time.")
    private int parallelism;

    @Override
    public int run(CommandContext context) throws IOException {
        WineData.Parts parts;
        try (Arclight arclight = Arclight.builder("bench-pruning").start()) {
            parts = WineData.Parts.of(WineData.readySplits(arclight, splits));
        }
        double seconds = 0;
        List<Double> best = new ArrayList<>();
        List<Long> pruned = new ArrayList<>();
        try (Tracking tracking = Tracking.open(out.toString())) {
            for (int seed = 1; seed <= seeds; seed++) {
                StudyResult study = new WineLifecycle(tracking, Progress.NONE, seed)
                        .sweep(parts, trials, parallelism, sweep -> sweep.pruner(pruning.pruner()))
                        .study();
                seconds += study.wallSeconds();
                best.add(study.bestValue());
                pruned.add(study.trials().stream()
                        .filter(trial -> trial.outcome() instanceof Outcome.Pruned)
                        .count());
            }
        }
        context.out()
                .println(new JsonMapper()
                        .writeValueAsString(
                                Map.of("wall_seconds", seconds, "best_validation_auc", best, "pruned", pruned)));
        return 0;
    }
}
