package dev.arclight.ray;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;

/**
 * Lets the first two executors die when the driver has heard of them and they have not taken a task yet. Named in
 * {@code spark.plugins}; notes each death in the folder of {@link #FOLDER}.
 */
public final class DyingPlugin implements SparkPlugin {
    static final String FOLDER = "spark.test.deaths";
    private static final int DEATHS = 2;

    @Override
    public DriverPlugin driverPlugin() {
        return new DriverPlugin() {};
    }

    @Override
    public ExecutorPlugin executorPlugin() {
        return new ExecutorPlugin() {
            @Override
            public void init(PluginContext context, Map<String, String> extra) {
                Path folder = Path.of(context.conf().get(FOLDER));
                for (int death = 1; death <= DEATHS; death++) {
                    Path note = folder.resolve("death-" + death);
                    if (!Files.exists(note)) {
                        try {
                            Files.createFile(note);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                        Runtime.getRuntime().halt(1);
                    }
                }
            }
        };
    }
}
