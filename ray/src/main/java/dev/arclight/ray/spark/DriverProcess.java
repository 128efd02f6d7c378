package dev.arclight.ray.spark;

import dev.arclight.engine.Master;
import dev.arclight.engine.job.Application;
import dev.arclight.engine.job.DeployMode;
import dev.arclight.engine.job.JobRequest;
import dev.arclight.ray.RaySettings;
import dev.arclight.ray.link.DriverInstructions;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.FileAppender;
import org.apache.logging.log4j.core.layout.PatternLayout;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkContext$;

/** A submitted application's driver in this JVM. Runs on the worker only. */
public final class DriverProcess {
    /** Ray's own, which the executors' logs have. */
    private static final String PATTERN = "%d{yyyy-MM-dd HH:mm:ss,SSS} %p %c{1} [%t]: %m%n";

    private DriverProcess() {}

    /** Sends what this JVM logs to {@code file} too; Ray has set log4j up for its own files by now. */
    public static void logTo(Path file) {
        LoggerContext context = (LoggerContext) LogManager.getContext(false);
        FileAppender appender = FileAppender.newBuilder()
                .setName("arclight-job")
                .withFileName(file.toString())
                .withAppend(true)
                .setLayout(PatternLayout.newBuilder().withPattern(PATTERN).build())
                .build();
        appender.start();
        context.getConfiguration().getRootLogger().addAppender(appender, Level.INFO, null);
        context.updateLoggers();
    }

    /**
     * Runs {@code main} to its end.
     *
     * @param jars the application's, on this node
     * @throws Exception what {@code main} throws
     */
    public static void run(DriverInstructions instructions, Collection<Path> jars) throws Exception {
        Map<String, String> settings = new HashMap<>(instructions.settings());
        // The Ray that runs this process, wherever this node has it.
        String home = System.getProperty("ray.home", "");
        if (home.endsWith("/ray/../..")) {
            settings.put(RaySettings.PREFIX + "jar", home.substring(0, home.length() - "/../..".length()));
        }
        Application.run(new JobRequest(
                instructions.name(),
                Master.of(instructions.master()),
                DeployMode.CLIENT,
                instructions.mainClass(),
                List.copyOf(jars),
                instructions.arguments(),
                settings));
    }

    /** Ends the session that the application left open, if any. */
    public static void stopSpark() {
        scala.Option<SparkContext> active = SparkContext$.MODULE$.getActive();
        if (active.isDefined()) {
            active.get().stop();
        }
    }
}
