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

    @Override
    public int run(CommandContext context) throws IOException {
        List<Map<String, Object>> trials = new ArrayList<>();
        for (String line : Files.readAllLines(parameters)) {
            if (!line.isBlank()) {
                trials.add(JSON.readValue(line, new TypeReference<LinkedHashMap<String, Object>>() {}));
            }
        }
        WineData.Parts parts;
        try (Arclight arclight = Arclight.builder("bench-sweep").start()) {
            parts = WineData.Parts.of(WineData.readySplits(arclight, splits));
        }
        try (Tracking tracking = Tracking.open(out.toString())) {
            WineLifecycle wine = new WineLifecycle(tracking, Progress.NONE, 123);
            WineLifecycle.Sweep sweep =
                    wine.sweep(parts, trials.size(), parallelism, study -> study.sampler(Sampler.listed(trials)));
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("wall_seconds", sweep.study().wallSeconds());
            result.put(
                    "validation_auc",
                    sweep.study().trials().stream()
                            .map(FinishedTrial::value)
                            .map(value -> value.isPresent() ? value.getAsDouble() : null)
                            .toList());
            result.put("test_auc", sweep.best().testAuc());
            context.out().println(JSON.writeValueAsString(result));
        }
        return 0;
    }
}
