package dev.arclight.raytrain;

import dev.arclight.base.ArclightException;
import dev.arclight.base.AtomicFiles;
import dev.arclight.base.ErrorCode;
import dev.arclight.track.ActiveRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes a training into a run, if there is one, and passes reports on. */
final class TrackedReports implements ReportListener {
    private static final String MODEL = "model";

    private final @Nullable ActiveRun run;
    private final ReportListener next;

    TrackedReports(@Nullable ActiveRun run, ReportListener next) {
        this.run = run;
        this.next = next;
    }

    /** Params, before the first report. */
    void settings(Map<String, Object> settings) {
        ActiveRun open = run;
        if (open != null) {
            Map<String, Object> params = new TreeMap<>();
            settings.forEach((name, value) -> {
                if (value instanceof Map<?, ?> inner) {
                    inner.forEach((key, one) ->
                            params.put(name.equals("config") ? String.valueOf(key) : name + "." + key, one));
                } else if (!value.toString().isEmpty()) {
                    params.put(name, value);
                }
            });
            open.params(params);
        }
    }

    @Override
    public void reported(Report report) {
        ActiveRun open = run;
        if (open != null) {
            open.metrics(report.metrics(), report.step());
        }
        next.reported(report);
    }

    /** The model, as an output of the run. */
    void model(RayTrainModel model) {
        ActiveRun open = run;
        if (open == null) {
            return;
        }
        try {
            Path folder = Files.createTempDirectory("arclight-raytrain");
            try {
                model.writeTo(folder.resolve(MODEL));
                open.logModel(MODEL, folder.resolve(MODEL));
            } finally {
                AtomicFiles.deleteTree(folder);
            }
        } catch (IOException e) {
            throw new ArclightException(ErrorCode.UNAVAILABLE, "Cannot log the trained model: " + e.getMessage(), e);
        }
    }
}
