package dev.arclight.examples.wine;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import dev.arclight.base.progress.Progress;
import dev.arclight.engine.Arclight;
import dev.arclight.track.Tracking;
import dev.arclight.tune.FinishedTrial;
import dev.arclight.tune.Sampler;
import dev.arclight.tune.StudyResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The part of {@code bench/run sweep} that is ours: replays listed trials, everything logged, and prints one JSON line.
 */
@Command(name = "bench-sweep", hidden = true, description = "Our side of 'bench/run sweep'.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class BenchSweepCommand implements ArclightCommand {
    private static final JsonMapper JSON = new JsonMapper();

    @Option(names = "--splits", required = true, description = "Folder with train.csv, val.csv and test.csv.")
    private Path splits;

    @Option(names = "--parameters", required = true, description = "One JSON object a line: the parameters of a trial.")
    private Path parameters;

    @Option(names = "--out", required = true, description = "Folder for the tracking store.")
    private Path out;

    @Option(names = "--parallelism", defaultValue = "2", description = "Trials at a time.")
    private int parallelism;

    @Option(names = "--untracked", description = "Log nothing.")
    private boolean untracked;

    @Option(names = "--place", defaultValue = "THREADS", description = "${COMPLETION-CANDIDATES}.")
    private Place place;

    /** Where trials run. */
    enum Place {
        THREADS,
        /** As tasks of a local session, each trial's model logged. */
        SPARK
    }

    @Override
    public int run(CommandContext context) throws IOException {
        List<Map<String, Object>> trials = new ArrayList<>();
        for (String line : Files.readAllLines(parameters)) {
            if (!line.isBlank()) {
                trials.add(JSON.readValue(line, new TypeReference<LinkedHashMap<String, Object>>() {}));
            }
        }
        StudyResult study = place == Place.SPARK ? onSpark(trials) : onThreads(trials);
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("wall_seconds", study.wallSeconds());
        result.put(
                "validation_auc",
                study.trials().stream()
                        .map(FinishedTrial::value)
                        .map(value -> value.isPresent() ? value.getAsDouble() : null)
                        .toList());
        context.out().println(JSON.writeValueAsString(result));
        return 0;
    }

    private StudyResult onSpark(List<Map<String, Object>> trials) throws IOException {
        try (Arclight arclight = session();
                Tracking tracking = Tracking.open(out.toString())) {
            return sweep(arclight, trials).onSpark(arclight.spark(), tracking);
        }
    }

    private StudyResult onThreads(List<Map<String, Object>> trials) throws IOException {
        ReplayedSweep sweep;
        try (Arclight arclight = session()) {
            sweep = sweep(arclight, trials);
        }
        if (untracked) {
            return sweep.untracked();
        }
        try (Tracking tracking = Tracking.open(out.toString())) {
            return new WineLifecycle(tracking, Progress.NONE, 123)
                    .sweep(sweep.parts(), trials.size(), parallelism, study -> study.sampler(Sampler.listed(trials)))
                    .study();
        }
    }

    private Arclight session() {
        return Arclight.builder("bench-sweep")
                .master("local[%d]".formatted(parallelism))
                .start();
    }

    private ReplayedSweep sweep(Arclight arclight, List<Map<String, Object>> trials) throws IOException {
        return new ReplayedSweep(WineData.Parts.of(WineData.readySplits(arclight, splits)), trials, parallelism);
    }
}
