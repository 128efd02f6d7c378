package dev.arclight.ray.spark;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.engine.Master;
import dev.arclight.ray.ExecutorShape;
import dev.arclight.ray.RaySession;
import dev.arclight.ray.fleet.Driver;
import dev.arclight.ray.link.ExecutorInstructions;
import dev.arclight.ray.link.WorkerReport;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.rpc.RpcEndpointAddress;
import org.apache.spark.scheduler.ExecutorProcessLost;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorAdded;
import org.apache.spark.scheduler.TaskSchedulerImpl;
import org.apache.spark.scheduler.cluster.CoarseGrainedSchedulerBackend;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;
import scala.collection.immutable.Map$;
import scala.collection.immutable.Map.Map1;
import scala.collection.immutable.Seq;
import scala.concurrent.Future;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Spark's side of the executors on Ray: says how many there should be, gives those that are up what they need to join,
 * and tells Spark which are lost.
 */
final class RaySchedulerBackend extends CoarseGrainedSchedulerBackend implements Driver {
    private static final Logger LOG = LoggerFactory.getLogger(RaySchedulerBackend.class);
    private static final String SECRET = "spark.authenticate.secret";

    private final SparkContext context;
    private final TaskSchedulerImpl scheduler;
    private final RaySession session;

    private RaySchedulerBackend(SparkContext context, TaskSchedulerImpl scheduler, RaySession session) {
        super(scheduler, context.env().rpcEnv());
        this.context = context;
        this.scheduler = scheduler;
        this.session = session;
    }

    /** Joins the session that was opened before Spark, or opens one. */
    static RaySchedulerBackend of(SparkContext context, TaskSchedulerImpl scheduler, Master.Ray master) {
        Map<String, String> settings = settings(context.conf());
        RaySession session = RaySession.taken(settings).orElseGet(() -> {
            if (!context.conf().getBoolean("spark.authenticate", false)) {
                LOG.warn("The traffic between driver and executors is neither authenticated nor encrypted: start the"
                        + " session by Arclight.builder(..), or set spark.authenticate, spark.authenticate.secret and"
                        + " spark.network.crypto.enabled");
            }
            return RaySession.open(master, settings, System.getenv());
        });
        return new RaySchedulerBackend(context, scheduler, session);
    }

    RaySession session() {
        return session;
    }

    @Override
    public String applicationId() {
        return session.fleet().application();
    }

    @Override
    public void start() {
        super.start();
        StageProfiles.allow(context);
        context.addSparkListener(new SparkListener() {
            @Override
            public void onExecutorAdded(SparkListenerExecutorAdded added) {
                session.fleet().registered(Long.parseLong(added.executorId()));
            }
        });
        // Spark counts from none what is asked for at run time, unless it is told what there is to be.
        requestTotalExecutors(
                new Map1<>(ResourceProfile.DEFAULT_RESOURCE_PROFILE_ID(), session.initialExecutors()),
                Map$.MODULE$.empty(),
                Map$.MODULE$.empty());
        session.fleet().join(this);
    }

    /** Spark asks at the end of its start: the first moment at which a failed connection costs no time to wait for. */
    @Override
    public boolean sufficientResourcesRegistered() {
        session.fleet().link();
        return super.sufficientResourcesRegistered();
    }

    @Override
    public Future<Object> doRequestTotalExecutors(
            scala.collection.immutable.Map<ResourceProfile, Object> totalByProfile) {
        Map<Integer, Integer> wanted = new HashMap<>();
        CollectionConverters.asJava(totalByProfile).forEach((profile, total) -> {
            if (profile.id() != ResourceProfile.DEFAULT_RESOURCE_PROFILE_ID()) {
                session.blueprint()
                        .shape(
                                profile.id(),
                                ProfileShape.of(profile, session.blueprint().shape(0)));
            }
            wanted.put(profile.id(), (Integer) total);
        });
        session.fleet().want(wanted);
        return Future.successful(true);
    }

    @Override
    public Future<Object> doKillExecutors(Seq<String> executorIds) {
        CollectionConverters.asJava(executorIds).forEach(id -> session.fleet().release(Long.parseLong(id)));
        return Future.successful(true);
    }

    @Override
    public void stop() {
        session.fleet().leave(); // executors end from here on, and Spark no longer wants to hear of it
        try {
            super.stop();
        } finally {
            session.close();
        }
    }

    @Override
    public ExecutorInstructions instructions(long executor, int profile, WorkerReport report) {
        requireSame(report);
        ExecutorShape shape = session.blueprint().shape(profile);
        SparkConf conf = context.conf();
        Map<String, String> early = new LinkedHashMap<>();
        settings(conf).forEach((key, value) -> {
            if (SparkConf.isExecutorStartupConf(key)) {
                early.put(key, value);
            }
        });
        conf.getOption(SECRET).foreach(secret -> early.put(SECRET, secret));
        Map<String, List<String>> devices = new HashMap<>();
        shape.devices()
                .forEach((name, amount) -> devices.put(
                        name,
                        name.equals("gpu") && !report.gpus().isEmpty()
                                ? report.gpus()
                                : LongStream.range(0, amount)
                                        .mapToObj(String::valueOf)
                                        .toList()));
        String url = new RpcEndpointAddress(
                        conf.get("spark.driver.host"),
                        Integer.parseInt(conf.get("spark.driver.port")),
                        CoarseGrainedSchedulerBackend.ENDPOINT_NAME())
                .toString();
        return new ExecutorInstructions(
                url, String.valueOf(executor), applicationId(), shape.cores(), profile, early, devices);
    }

    private void requireSame(WorkerReport report) {
        int here = Runtime.version().feature();
        if (report.javaFeature() != here) {
            throw new ArclightException(
                    ErrorCode.BAD_STATE,
                    "Node %s starts executors on Java %s, the driver runs on Java %d: put the same Java first on the PATH that `ray start` sees there"
                            .formatted(report.nodeAddress(), report.javaVersion(), here));
        }
        String ours = session.installation().version();
        if (!report.rayVersion().equals(ours) && !report.rayVersion().equals("unknown") && !ours.equals("unknown")) {
            throw new ArclightException(
                    ErrorCode.BAD_STATE,
                    "The cluster at %s runs Ray %s (node %s), but the driver uses %s of Ray %s: set ARCLIGHT_RAY_JAR to the ray_dist.jar of Ray %s"
                            .formatted(
                                    session.target(),
                                    report.rayVersion(),
                                    report.nodeAddress(),
                                    session.installation().jar(),
                                    ours,
                                    report.rayVersion()));
        }
    }

    @Override
    public void lost(long executor, String reason) {
        removeExecutor(String.valueOf(executor), new ExecutorProcessLost(reason, Option.empty(), false));
    }

    @Override
    public void hopeless(String why) {
        // Spark's error() ends the jobs that run; without one it throws.
        try {
            if (context.statusTracker().getActiveStageIds().length > 0) {
                scheduler.error("There are no executors: " + why);
            }
        } catch (Exception e) { // a SparkException, which Scala need not declare
            LOG.debug("The job, or the session, ended meanwhile", e);
        }
    }

    private static Map<String, String> settings(SparkConf conf) {
        Map<String, String> settings = new HashMap<>();
        for (scala.Tuple2<String, String> entry : conf.getAll()) {
            settings.put(entry._1(), entry._2());
        }
        return settings;
    }
}
