package dev.arclight.engine;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running session: Spark on some engine, started by {@link #builder(String)} and ended by {@link #close()}. The same
 * program runs on a laptop and on a cluster; only the {@link Master} differs.
 *
 * <pre>{@code
 * try (Arclight arclight = Arclight.builder("wine").master("local[*]").start()) {
 *     arclight.spark().range(10).show();
 * }
 * }</pre>
 *
 * <p>Spark allows one driver a process. A second {@link Builder#start()} while a session is open is refused; where
 * somebody else made a Spark session in this process already, it is refused too rather than silently joined. Safe for
 * use by many threads.
 */
public final class Arclight implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Arclight.class);

    private final SparkSession spark;
    private final Master master;
    private final EngineProvider.@Nullable Engine engine;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Arclight(SparkSession spark, Master master, EngineProvider.@Nullable Engine engine) {
        this.spark = spark;
        this.master = master;
        this.engine = engine;
    }

    /**
     * Begins the description of a session.
     *
     * @param name the application's name, as Spark's pages and logs show it
     */
    public static Builder builder(String name) {
        return new Builder(name);
    }

    /** The Spark session; owned by this, do not stop it. */
    public SparkSession spark() {
        return spark;
    }

    public Master master() {
        return master;
    }

    /** Stops Spark, then the engine. Idempotent. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            spark.stop();
        } finally {
            SparkSession.clearActiveSession();
            SparkSession.clearDefaultSession();
            if (engine != null) {
                engine.close();
            }
        }
    }

    /** Describes a session. Not safe for use by many threads. */
    public static final class Builder {
        /** The builder says these itself. */
        private static final Set<String> GIVEN_HERE = Set.of("spark.master", "spark.app.name");

        private final String name;
        private @Nullable Master master;
        private final Map<String, String> sparkSettings = new LinkedHashMap<>();

        private Builder(String name) {
            this.name = Objects.requireNonNull(name);
        }

        /**
         * Where executors run. Without it, where {@code arclight submit --master} says (the system property
         * {@code arclight.master}), else {@code local[*]}.
         */
        public Builder master(Master master) {
            this.master = Objects.requireNonNull(master);
            return this;
        }

        /**
         * Like {@link #master(Master)}.
         *
         * @throws ArclightException BAD_INPUT if {@code text} is no master
         */
        public Builder master(String text) {
            return master(Master.of(text));
        }

        /** Sets one of Spark's own settings; wins over every default of Arclight's. */
        public Builder spark(String key, String value) {
            sparkSettings.put(key, value);
            return this;
        }

        /**
         * Starts the session.
         *
         * @return owned by the caller, who closes it
         * @throws ArclightException BAD_STATE if a session is open in this process, or this JVM was started without the
         *     flags that Spark needs; otherwise the engine's own reasons
         */
        public Arclight start() {
            requireSupportedJvm();
            Master chosen = master != null
                    ? master
                    : Master.of(System.getProperty(EngineSettings.MASTER.key(), EngineSettings.MASTER.defaultText()));
            EngineProvider.Engine engine = prepare(chosen);
            try {
                if (!SparkSession.getDefaultSession().isEmpty()) {
                    throw new ArclightException(
                            ErrorCode.BAD_STATE,
                            "A Spark session is open in this process and Spark allows one: close it first, or use it");
                }
                SparkSession.Builder builder = SparkSession.builder()
                        .appName(name)
                        .master(engine == null ? chosen.text() : engine.sparkMaster());
                defaults(chosen).forEach(builder::config);
                if (engine != null) {
                    engine.sparkSettings().forEach(builder::config);
                }
                asked().forEach(builder::config);
                SparkSession spark = builder.getOrCreate();
                LOG.info("Session {} on {}", spark.sparkContext().applicationId(), chosen.text());
                return new Arclight(spark, chosen, engine);
            } catch (RuntimeException | Error e) {
                if (engine != null) {
                    engine.close();
                }
                throw e;
            }
        }

        private EngineProvider.@Nullable Engine prepare(Master master) {
            if (master instanceof Master.Local) {
                return null;
            }
            if (master instanceof Master.Platform) {
                throw ArclightException.badInput(
                        "Master '%s' runs whole applications, not the executors of this process: use 'arclight submit --master %s'"
                                .formatted(master.text(), master.text()));
            }
            for (EngineProvider provider : ServiceLoader.load(EngineProvider.class)) {
                var engine = provider.prepare(master, asked());
                if (engine.isPresent()) {
                    return engine.get();
                }
            }
            if (master instanceof Master.Native) {
                return null; // Spark has what it takes
            }
            throw ArclightException.notFound(
                    "No engine for master '%s' on the classpath: add the module arclight-ray".formatted(master.text()));
        }

        /**
         * What the user asked for: at submission (as system properties, which Spark reads too), then in the program.
         */
        private Map<String, String> asked() {
            Map<String, String> asked = new LinkedHashMap<>();
            for (String key : System.getProperties().stringPropertyNames()) {
                if (key.startsWith("spark.") && !GIVEN_HERE.contains(key)) {
                    asked.put(key, System.getProperty(key));
                }
            }
            asked.putAll(sparkSettings);
            return Map.copyOf(asked);
        }

        private static Map<String, String> defaults(Master master) {
            Map<String, String> defaults = new LinkedHashMap<>();
            // Small tables are the rule on a laptop; adaptive execution coalesces, but each empty task still costs.
            defaults.put("spark.sql.adaptive.enabled", "true");
            defaults.put("spark.sql.session.timeZone", "UTC");
            defaults.put("spark.ui.showConsoleProgress", "false");
            defaults.put("spark.sql.catalogImplementation", "in-memory");
            if (master instanceof Master.Local local) {
                defaults.put("spark.ui.enabled", "false");
                defaults.put("spark.driver.host", "127.0.0.1");
                defaults.put("spark.driver.bindAddress", "127.0.0.1");
                defaults.put("spark.sql.shuffle.partitions", String.valueOf(Math.max(2, local.threads())));
            }
            return defaults;
        }
    }

    private static void requireSupportedJvm() {
        int feature = Runtime.version().feature();
        if (feature != 17 && feature != 21) {
            throw new ArclightException(
                    ErrorCode.BAD_STATE,
                    "This is Java %d; Arclight runs on 17 and 21: set JAVA_HOME to one of them".formatted(feature));
        }
        if (!JvmOptions.present()) {
            throw new ArclightException(
                    ErrorCode.BAD_STATE,
                    "Spark needs parts of the JDK opened to it: set JDK_JAVA_OPTIONS=\"%s\" or give java these flags"
                            .formatted(String.join(" ", JvmOptions.all())));
        }
    }
}
