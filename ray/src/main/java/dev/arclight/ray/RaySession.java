package dev.arclight.ray;

import dev.arclight.base.ArclightException;
import dev.arclight.base.addon.AddOns;
import dev.arclight.engine.Master;
import dev.arclight.engine.Master.RayCluster;
import dev.arclight.ray.fleet.Fleet;
import dev.arclight.ray.fleet.Limits;
import dev.arclight.ray.install.LocalCluster;
import dev.arclight.ray.install.StandingCluster;
import dev.arclight.ray.link.RayAddress;
import dev.arclight.ray.link.RayConnector;
import dev.arclight.ray.link.RayInstallation;
import dev.arclight.ray.link.RayLink;
import dev.arclight.ray.link.RayTarget;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one Spark session has on Ray: the cluster, if it was started for it, and the fleet of its executors, which begin
 * to start as soon as this is open.
 */
public final class RaySession implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RaySession.class);
    /** The Spark setting by which the scheduler backend finds the session that was opened for it. */
    static final String KEY = RaySettings.PREFIX + "session";
    /**
     * Sessions that wait for Spark to make their backend, which Spark does by ServiceLoader: there is no other way in.
     */
    private static final Map<String, RaySession> WAITING = new ConcurrentHashMap<>();

    private final RayTarget target;
    private final Map<Class<?>, AutoCloseable> resources = new ConcurrentHashMap<>();
    private final InetAddress here;
    private final RayInstallation installation;
    private final ExecutorBlueprint blueprint;
    private final int initialExecutors;
    private final Fleet fleet;
    private final @Nullable LocalCluster started;

    private RaySession(
            RayTarget target,
            InetAddress here,
            RayInstallation installation,
            ExecutorBlueprint blueprint,
            int initialExecutors,
            Fleet fleet,
            @Nullable LocalCluster started) {
        this.target = target;
        this.here = here;
        this.installation = installation;
        this.blueprint = blueprint;
        this.initialExecutors = initialExecutors;
        this.fleet = fleet;
        this.started = started;
    }

    /**
     * Finds or starts the cluster and begins to start executors.
     *
     * @param spark Spark's settings
     * @param ofProcess the environment of this process
     * @throws ArclightException in one sentence, if the settings are wrong or nobody answers
     */
    public static RaySession open(Master.Ray master, Map<String, String> spark, Map<String, String> ofProcess) {
        RaySettings settings = RaySettings.of(spark);
        Map<String, String> environment = settings.over(ofProcess);
        Optional<StandingCluster> standing = master.cluster() instanceof RayCluster.Found
                        && environment.getOrDefault("RAY_ADDRESS", "").isEmpty()
                ? StandingCluster.find(environment)
                : Optional.empty();
        if (standing.isPresent()) {
            environment = standing.get().over(environment);
        }
        return open(master, spark, settings, environment, standing.map(StandingCluster::target));
    }

    private static RaySession open(
            Master.Ray master,
            Map<String, String> spark,
            RaySettings settings,
            Map<String, String> environment,
            Optional<RayTarget> standing) {
        settings.deprecated()
                .forEach((old, now) -> LOG.warn("{} is RayDP's name and is taken for {}: use that one", old, now));
        int executors = initialExecutors(spark);
        String application =
                "arclight-" + UUID.randomUUID().toString().replace("-", "").substring(0, 16);
        Path addOns = AddOns.folder(environment);
        RayInstallation installation = RayConnector.installation(environment, addOns);
        ExecutorBlueprint blueprint = new ExecutorBlueprint(
                application, settings, spark, ExecutorClassPath.ofThisProcess(installation.jar()), executors);
        LocalCluster started = master.cluster() instanceof RayCluster.StartedHere
                ? LocalCluster.start(installation, environment)
                : null;
        try {
            RayTarget target;
            InetAddress here;
            Callable<RayLink> connect;
            if (started != null) {
                target = started.target();
                here = RayAddress.outward();
                connect = () -> {
                    started.awaitReady();
                    return RayConnector.connect(target, started.environment(), addOns);
                };
            } else {
                target = master.cluster() instanceof RayCluster.At at
                        ? new RayTarget(at.host(), at.port())
                        : standing.orElseGet(() -> RayAddress.find(environment));
                here = RayAddress.probe(target);
                connect = () -> RayConnector.connect(target, environment, addOns);
            }
            Limits limits = Limits.DEFAULT.with(settings.neverFits(), settings.headTimeout());
            Fleet fleet = new Fleet(application, connect, blueprint, limits, Map.of(0, executors));
            return new RaySession(target, here, installation, blueprint, executors, fleet, started);
        } catch (RuntimeException | Error e) {
            if (started != null) {
                started.close();
            }
            throw e;
        }
    }

    /** Takes the session that {@link #offer} left, if {@code spark} names one. */
    public static Optional<RaySession> taken(Map<String, String> spark) {
        String id = spark.get(KEY);
        return id == null ? Optional.empty() : Optional.ofNullable(WAITING.remove(id));
    }

    /** Leaves this session for the Spark backend that is given the setting returned. */
    Map<String, String> offer() {
        WAITING.put(fleet.application(), this);
        Map<String, String> settings = new HashMap<>();
        settings.put(KEY, fleet.application());
        return settings;
    }

    public RayTarget target() {
        return target;
    }

    /** The address of this machine that the cluster can reach. */
    InetAddress here() {
        return here;
    }

    public RayInstallation installation() {
        return installation;
    }

    public ExecutorBlueprint blueprint() {
        return blueprint;
    }

    /** How many executors there are to be from the start. */
    public int initialExecutors() {
        return initialExecutors;
    }

    public Fleet fleet() {
        return fleet;
    }

    /**
     * The one {@code type} of this session, made when it is first asked for and closed with the session, while Ray can
     * still be reached.
     */
    public <T extends AutoCloseable> T resource(Class<T> type, Supplier<T> make) {
        return type.cast(resources.computeIfAbsent(type, absent -> make.get()));
    }

    private void closeResources() {
        for (Class<?> type : List.copyOf(resources.keySet())) {
            try (AutoCloseable closing = resources.remove(type)) {
                LOG.debug("Closing {}", closing);
            } catch (Exception e) {
                if (e instanceof InterruptedException) {
                    Thread.currentThread().interrupt();
                }
                LOG.warn("The session's {} did not close: {}", type.getSimpleName(), e.getMessage());
            }
        }
    }

    /** Ends the executors, then the cluster if it was started for this session. Idempotent. */
    @Override
    public void close() {
        WAITING.remove(fleet.application());
        closeResources();
        fleet.close();
        if (started != null) {
            started.close();
        }
    }

    private static int initialExecutors(Map<String, String> spark) {
        boolean dynamic = Boolean.parseBoolean(spark.getOrDefault("spark.dynamicAllocation.enabled", "false"));
        int instances = whole(spark, "spark.executor.instances", dynamic ? 0 : 2);
        if (!dynamic) {
            return instances;
        }
        int least = whole(spark, "spark.dynamicAllocation.minExecutors", 0);
        return Math.max(Math.max(least, whole(spark, "spark.dynamicAllocation.initialExecutors", least)), instances);
    }

    private static int whole(Map<String, String> spark, String key, int otherwise) {
        String text = spark.get(key);
        if (text == null) {
            return otherwise;
        }
        if (text.isEmpty() || text.length() > 6 || !text.chars().allMatch(Character::isDigit)) {
            throw ArclightException.badInput("%s is '%s': expected a whole number from 0".formatted(key, text));
        }
        return Integer.parseInt(text);
    }
}
