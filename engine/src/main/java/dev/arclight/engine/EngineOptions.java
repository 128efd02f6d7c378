package dev.arclight.engine;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.command.CommandContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where a command's session runs: a picocli mixin, so that no job's code names a master. */
public final class EngineOptions {
    @Option(
            names = "--master",
            paramLabel = "M",
            description = "Spark engine: local[N], spark://HOST:PORT, yarn, k8s://URL, ray, ... (default: local[*]).")
    private @Nullable String master;

    @Option(names = "--conf", paramLabel = "KEY=VALUE", description = "One of Spark's own settings; may be repeated.")
    private Map<String, String> conf = Map.of();

    @Option(
            names = "--ui",
            description = "Start Spark's own page while this runs, on the loopback address, and keep an event log for"
                    + " 'arclight history'.")
    private boolean ui;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the field
    public EngineOptions() {}

    /**
     * Starts the session on the master of the command line, else of the settings.
     *
     * @return owned by the caller
     * @throws ParameterException if the master is none
     * @throws ArclightException as {@link Arclight.Builder#start}
     */
    public Arclight start(String name, CommandContext context) {
        return start(name, context, Map.of());
    }

    /**
     * Like {@link #start(String, CommandContext)}, with Spark's own settings.
     *
     * @return owned by the caller
     */
    public Arclight start(String name, CommandContext context, Map<String, String> settings) {
        Master chosen = chosen(context);
        context.progress().message("Spark on " + chosen.text());
        MasterWatch.requireListening(chosen);
        Arclight.Builder builder = Arclight.builder(name).master(chosen);
        if (ui) {
            eventLog(builder);
        }
        settings.forEach(builder::spark);
        conf.forEach(builder::spark);
        Arclight arclight = builder.start();
        context.progress().message(sizes(arclight.spark()));
        MasterWatch.watchExecutors(arclight.spark().sparkContext(), chosen, context.progress(), Duration.ofSeconds(15));
        scala.Option<String> page = arclight.spark().sparkContext().uiWebUrl();
        if (page.isDefined()) {
            context.progress().message("Spark's page: " + page.get());
        }
        return arclight;
    }

    /** What the session has, by what was asked for and by defaults. */
    private static String sizes(SparkSession spark) {
        long heapMegabytes = Runtime.getRuntime().maxMemory() >> 20;
        SparkConf given = spark.sparkContext().getConf();
        String where = spark.sparkContext().isLocal()
                ? "%d threads and %,d MB of heap".formatted(spark.sparkContext().defaultParallelism(), heapMegabytes)
                : "Driver with %,d MB of heap, executors with %s%s"
                        .formatted(
                                heapMegabytes,
                                given.contains("spark.executor.cores")
                                        ? given.get("spark.executor.cores") + " cores and "
                                        : "",
                                given.get("spark.executor.memory", "1g"));
        return "%s; %s shuffle partitions, adaptive execution %s"
                .formatted(
                        where,
                        spark.conf().get("spark.sql.shuffle.partitions"),
                        Boolean.parseBoolean(spark.conf().get("spark.sql.adaptive.enabled")) ? "on" : "off");
    }

    private static void eventLog(Arclight.Builder builder) {
        Path folder = EventLogs.folder(System.getenv());
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new ArclightException(
                    ErrorCode.UNAVAILABLE,
                    "Cannot make the folder of event logs %s: %s".formatted(folder, e.getMessage()),
                    e);
        }
        builder.spark("spark.ui.enabled", "true")
                .spark("spark.eventLog.enabled", "true")
                .spark("spark.eventLog.dir", folder.toUri().toString());
    }

    private Master chosen(CommandContext context) {
        String text = master != null ? master : context.settings().text(EngineSettings.MASTER);
        try {
            return Master.of(text);
        } catch (ArclightException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}
