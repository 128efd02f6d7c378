package dev.arclight.track.rest;

import dev.arclight.testing.PythonEnvironment;
import dev.arclight.track.RunSearchContract;
import dev.arclight.track.Tracking;
import dev.arclight.track.TrackingContract;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The client against one real MLflow server, with the contract tests of every store. */
abstract class MlflowContract extends TrackingContract {
    private final String environment;
    private final boolean isVersion3;
    private MlflowServer server;
    private Tracking tracking;

    MlflowContract(String environment, boolean isVersion3) {
        this.environment = environment;
        this.isVersion3 = isVersion3;
    }

    @BeforeAll
    final void open(@TempDir Path folder) throws IOException, InterruptedException {
        server = MlflowServer.start(
                PythonEnvironment.open(environment),
                folder,
                Map.of(),
                "--artifacts-destination",
                folder.resolve("artifacts").toString());
        tracking = RestTracking.open(server.uri().toString(), Map.of(), folder);
    }

    @AfterAll
    final void close() {
        if (tracking != null) {
            tracking.close();
            server.close();
        }
    }

    @Override
    protected Tracking tracking() {
        return tracking;
    }

    @Override
    protected boolean isMlflow2() {
        return !isVersion3;
    }

    @Override
    protected List<String> noFilters() {
        return super.noFilters().stream()
                .filter(filter -> !filter.equals(RunSearchContract.UNFINISHED))
                .toList();
    }
}
