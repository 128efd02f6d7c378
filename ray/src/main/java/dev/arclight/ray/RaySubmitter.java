package dev.arclight.ray;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.addon.AddOns;
import dev.arclight.base.progress.Progress;
import dev.arclight.engine.Master;
import dev.arclight.engine.Master.RayCluster;
import dev.arclight.engine.job.DeployMode;
import dev.arclight.engine.job.JobId;
import dev.arclight.engine.job.JobRecord;
import dev.arclight.engine.job.JobRequest;
import dev.arclight.engine.job.JobStatus;
import dev.arclight.engine.job.Submitter;
import dev.arclight.ray.fleet.Demand;
import dev.arclight.ray.install.StandingCluster;
import dev.arclight.ray.link.ActorRequest;
import dev.arclight.ray.link.DriverInstructions;
import dev.arclight.ray.link.DriverQuestion;
import dev.arclight.ray.link.RayAddress;
import dev.arclight.ray.link.RayConnector;
import dev.arclight.ray.link.RayInstallation;
import dev.arclight.ray.link.RayLink;
import dev.arclight.ray.link.RayTarget;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Drivers on Ray: each is a detached actor, so it outlives the process that submitted it. It reserves
 * {@code spark.driver.cores} CPUs (1 unless set) and its memory. After its end it stays, without Spark, until its log
 * was fetched, at most an hour. An application that calls {@code System.exit} has failed, or succeeded with 0. One
 * whose process is killed leaves neither state nor log: its job is then lost.
 */
public final class RaySubmitter implements Submitter {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration ANSWER = Duration.ofSeconds(25);
    /** Ray refuses arguments that are much larger, and they are held twice in memory. */
    private static final long MOST_JAR_BYTES = 512L << 20;

    private static final String ADDRESS = "address";
    private static final String ACTOR = "actor";

    @Override
    public String name() {
        return "ray";
    }

    @Override
    public boolean serves(Master master, DeployMode mode) {
        return mode == DeployMode.CLUSTER
                && master instanceof Master.Ray ray
                && !(ray.cluster() instanceof RayCluster.StartedHere);
    }

    @Override
    public Map<String, String> submit(JobId id, JobRequest request, Progress progress) {
        RaySettings settings = RaySettings.of(request.spark());
        ExecutorShape.of(request.spark()); // said here rather than by the driver, which nobody may be looking at
        Map<String, String> environment = environment(settings.over(System.getenv()));
        RayTarget target = target((Master.Ray) request.master(), environment);
        RayAddress.probe(target);
        DriverInstructions instructions = instructions(id, request, target, progress);
        String actor = "arclight-" + id;
        Path addOns = AddOns.folder(environment);
        RayInstallation installation = RayConnector.installation(environment, addOns);
        DriverShape shape = DriverShape.of(request.spark());
        try (RayLink link = RayConnector.connect(target, environment, addOns);
                Progress.Task task = progress.start("Starting the driver", 0, "")) {
            Demand demand = new Demand(shape.resources());
            if (!demand.fitsSomeNode(link.nodes())) {
                throw new ArclightException(
                        ErrorCode.UNAVAILABLE,
                        "The driver does not fit: "
                                + demand.comparedWith(link.nodes()).replace("an executor needs", "it needs"));
            }
            link.startDriver(
                    new ActorRequest(
                            actor,
                            shape.jvmOptions(ExecutorClassPath.ofThisProcess(installation.jar()), settings),
                            demand.resources(),
                            Map.of(),
                            Optional.empty()),
                    instructions.encode(),
                    START);
            task.note("it runs as actor " + actor);
        }
        return Map.of(ADDRESS, target.toString(), ACTOR, actor);
    }

    @Override
    public JobStatus status(JobRecord job) {
        try (RayLink link = connect(job)) {
            return status(link, job);
        }
    }

    private static JobStatus status(RayLink link, JobRecord job) {
        Optional<byte[]> said;
        try {
            said = link.askDriver(actor(job), DriverQuestion.STATUS, 0, ANSWER);
        } catch (ArclightException e) {
            if (e.code() == ErrorCode.UNAVAILABLE) {
                return new JobStatus(JobStatus.State.LOST, String.valueOf(e.getMessage()));
            }
            throw e;
        }
        if (said.isEmpty()) {
            return new JobStatus(JobStatus.State.LOST, "the cluster has no actor %s any more".formatted(actor(job)));
        }
        String[] parts = new String(said.get(), StandardCharsets.UTF_8).split("\n", 2);
        return new JobStatus(JobStatus.State.valueOf(parts[0]), parts.length > 1 ? parts[1] : "");
    }

    @Override
    public long log(JobRecord job, long from, OutputStream to) throws IOException {
        try (RayLink link = connect(job)) {
            long next = from;
            while (true) {
                Optional<byte[]> part;
                try {
                    part = link.askDriver(actor(job), DriverQuestion.LOG, next, ANSWER);
                } catch (ArclightException e) {
                    if (e.code() == ErrorCode.UNAVAILABLE) {
                        return next; // it died, and its log with it
                    }
                    throw e;
                }
                if (part.isEmpty() || part.get().length == 0) {
                    return next;
                }
                to.write(part.get());
                next += part.get().length;
            }
        }
    }

    @Override
    public void stop(JobRecord job) {
        try (RayLink link = connect(job)) {
            if (status(link, job).state() != JobStatus.State.LOST) {
                link.askDriver(actor(job), DriverQuestion.STOP, 0, ANSWER);
            }
        }
    }

    @Override
    public void release(JobRecord job) {
        try (RayLink link = connect(job)) {
            link.killDriver(actor(job));
        }
    }

    private static RayLink connect(JobRecord job) {
        Map<String, String> environment = environment(System.getenv());
        RayTarget target = RayTarget.parse(job.handle().getOrDefault(ADDRESS, ""));
        RayAddress.probe(target);
        return RayConnector.connect(target, environment, AddOns.folder(environment));
    }

    private static String actor(JobRecord job) {
        return job.handle().getOrDefault(ACTOR, "");
    }

    /** With the token of the cluster that {@code arclight ray start} started, if one runs. */
    private static Map<String, String> environment(Map<String, String> ofProcess) {
        return ofProcess.getOrDefault("RAY_ADDRESS", "").isEmpty()
                ? StandingCluster.find(ofProcess)
                        .map(standing -> standing.over(ofProcess))
                        .orElseGet(() -> new HashMap<>(ofProcess))
                : ofProcess;
    }

    private static RayTarget target(Master.Ray master, Map<String, String> environment) {
        if (master.cluster() instanceof RayCluster.At at) {
            return new RayTarget(at.host(), at.port());
        }
        return environment.getOrDefault("RAY_ADDRESS", "").isEmpty()
                ? StandingCluster.find(environment)
                        .map(StandingCluster::target)
                        .orElseGet(() -> RayAddress.find(environment))
                : RayAddress.find(environment);
    }

    private static DriverInstructions instructions(JobId id, JobRequest request, RayTarget target, Progress progress) {
        Map<String, byte[]> jars = new LinkedHashMap<>();
        long bytes = 0;
        try {
            for (Path jar : request.jars()) {
                bytes += Files.size(jar);
                if (bytes > MOST_JAR_BYTES) {
                    throw ArclightException.badInput(
                            "The application's jars have more than %d MiB together: put what is large at the same path on every node and name it in spark.arclight.ray.class-path"
                                    .formatted(MOST_JAR_BYTES >> 20));
                }
                String name = jar.getFileName().toString();
                if (jars.put(name, Files.readAllBytes(jar)) != null) {
                    throw ArclightException.badInput("Two of the application's jars are called %s".formatted(name));
                }
            }
        } catch (IOException e) {
            throw new ArclightException(
                    ErrorCode.UNAVAILABLE, "Cannot read the application's jars: " + e.getMessage(), e);
        }
        if (!jars.isEmpty()) {
            progress.message("Shipping %d jar(s), %.1f MB, to the driver".formatted(jars.size(), bytes / 1e6));
        }
        return new DriverInstructions(
                id.text(),
                request.name(),
                "ray:" + target,
                request.mainClass(),
                request.arguments(),
                request.spark(),
                jars);
    }
}
