package dev.arclight.ray.fleet;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.ray.link.ActorEvent;
import dev.arclight.ray.link.ActorRequest;
import dev.arclight.ray.link.Examination;
import dev.arclight.ray.link.RayLink;
import dev.arclight.ray.link.RayNode;
import dev.arclight.ray.link.WorkerReport;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The executors of one session: one thread that connects to Ray, listens to it and carries out what the
 * {@link Reconciler} decides. It may begin before there is a driver; processes that come up meanwhile wait for it. Safe
 * for use by many threads.
 */
public final class Fleet implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Fleet.class);
    private static final Duration TICK = Duration.ofMillis(50);
    private static final Duration NODES_EVERY = Duration.ofSeconds(1);
    private static final Duration CONNECT = Duration.ofSeconds(28);
    private static final Duration HEAD_EVERY = Duration.ofSeconds(2);
    private static final Duration EXAMINE = Duration.ofSeconds(15);
    private static final Duration STOP = Duration.ofSeconds(20);
    /** The same without a head: Ray's calls wait for it, and the process has seconds left. */
    private static final Duration STOP_HEADLESS = Duration.ofSeconds(1);

    private final String application;
    private final Blueprint blueprint;
    private final Reconciler reconciler;
    private final CompletableFuture<RayLink> link = new CompletableFuture<>();
    private final Map<String, Long> idByName = new HashMap<>();
    private final Map<Long, Integer> profileById = new HashMap<>();
    private final Map<Long, WorkerReport> upWithoutDriver = new HashMap<>();
    private final Map<Integer, String> hopeless = new HashMap<>();
    private final Thread thread;
    private final ExecutorService examiner = Executors.newSingleThreadExecutor(Fleet::examiner);
    private @Nullable Driver driver;
    private boolean left;
    private volatile boolean closing;
    private List<RayNode> nodes = List.of();
    private Instant nodesSeen = Instant.MIN;
    /** Why nothing can be started any more. */
    private volatile @Nullable String severed;
    /** Why nothing can be started at the moment. */
    private volatile @Nullable String headless;

    /**
     * Begins at once.
     *
     * @param application begins the names of the executors, so that many applications share a cluster
     * @param connect makes the connection; called on the fleet's thread
     * @param wanted executors by profile
     */
    public Fleet(
            String application,
            Callable<RayLink> connect,
            Blueprint blueprint,
            Limits limits,
            Map<Integer, Integer> wanted) {
        this.application = application;
        this.blueprint = blueprint;
        this.reconciler = new Reconciler(limits, blueprint::demand);
        reconciler.want(wanted);
        thread = new Thread(() -> live(connect, limits), "arclight-ray-fleet");
        thread.setDaemon(true);
        thread.start();
    }

    /** Begins the names of this session's executors. */
    public String application() {
        return application;
    }

    /**
     * Waits for the connection.
     *
     * @return owned by the fleet
     * @throws ArclightException why there is none
     */
    public RayLink link() {
        try {
            return link.get(CONNECT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof ArclightException ours
                    ? ours
                    : new ArclightException(ErrorCode.INTERNAL, "Cannot start executors on Ray: " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new ArclightException(
                    ErrorCode.TIMEOUT, "No connection to Ray after %d s".formatted(CONNECT.toSeconds()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ArclightException(ErrorCode.CANCELLED, "Interrupted while waiting for Ray", e);
        }
    }

    /** There is a driver now: executors that are up may join it. */
    public synchronized void join(Driver newDriver) {
        driver = newDriver;
    }

    /** The driver goes: nothing is told to it any more, and nothing is started. */
    public synchronized void leave() {
        left = true;
        driver = null;
        reconciler.want(Map.of());
    }

    /** Sets how many executors of each profile there should be. */
    public synchronized void want(Map<Integer, Integer> wanted) {
        if (!left) {
            reconciler.want(wanted);
        }
    }

    /** The driver knows the executor. */
    public synchronized void registered(long executor) {
        reconciler.registered(executor, Instant.now());
    }

    /** Spark wants the executor to end. */
    public void release(long executor) {
        synchronized (this) {
            reconciler.release(executor, Instant.now());
        }
        RayLink open = link.getNow(null);
        if (open != null) {
            open.kill(name(executor));
        }
    }

    /** Ends all executors and leaves the cluster. Idempotent. */
    @Override
    public void close() {
        closing = true;
        Duration stop = headless == null ? STOP : STOP_HEADLESS;
        try {
            thread.join(stop.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            LOG.warn("Ray did not let go within {} s", stop.toSeconds());
        }
    }

    private void live(Callable<RayLink> connect, Limits limits) {
        try (RayLink open = connect.call();
                HeadWatch head =
                        new HeadWatch(open::answers, HEAD_EVERY, limits.head(), silence -> headless(open, silence))) {
            blueprint.prepare(open);
            head.begin();
            link.complete(open);
            try {
                while (!closing) {
                    turn(open);
                }
            } finally {
                endExaminations(); // before the link ends: a call under way then would crash the process
            }
        } catch (Exception | LinkageError e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            if (!link.completeExceptionally(e)) {
                LOG.error("Executors on Ray are looked after no more: {}", e.getMessage(), e);
            }
        }
    }

    private void turn(RayLink open) {
        List<ActorEvent> events = open.poll(TICK);
        Instant now = Instant.now();
        if (Duration.between(nodesSeen, now).compareTo(NODES_EVERY) >= 0) {
            nodes = open.nodes();
            nodesSeen = now;
            lookAfterOwn(open.node());
        }
        List<Action> actions;
        synchronized (this) {
            for (ActorEvent event : events) {
                take(event, open, now);
            }
            if (driver != null) {
                Map<Long, WorkerReport> waiting = Map.copyOf(upWithoutDriver);
                upWithoutDriver.clear();
                waiting.forEach((id, report) -> instruct(id, report, open));
            }
            actions = severed == null ? reconciler.decide(now, blueprint.among(nodes)) : List.of();
        }
        for (Action action : actions) {
            perform(action, open);
        }
        tellHopeless();
    }

    /** Without the node that connects this process nothing can be started any more, and Ray does not say so. */
    private void lookAfterOwn(String own) {
        if (severed == null && nodes.stream().anyMatch(node -> node.id().equals(own) && !node.alive())) {
            String why =
                    "the Ray node that connects this driver (%s) is dead, and its executors with it: start the session again"
                            .formatted(own);
            severed = why;
            LOG.error("No executors on Ray: {}", why);
        }
    }

    /** While the head is away what runs goes on; what waits for executors is told once it is away for long. */
    private void headless(RayLink open, Optional<Duration> silence) {
        String before = headless;
        headless = silence.map(since ->
                        "the head of the Ray cluster, %s, has not answered for %d s, and Ray ends this process after 60 s of it: start the session again when the cluster is back"
                                .formatted(open.address(), since.toSeconds()))
                .orElse(null);
        if (silence.isPresent()) {
            if (before == null) {
                LOG.error("No executors on Ray: {}", headless);
            }
            tellHopeless(); // the fleet's own thread waits for the head, too
        }
    }

    private void take(ActorEvent event, RayLink open, Instant now) {
        Long id = idByName.get(event.name());
        if (id == null) {
            return;
        }
        if (event instanceof ActorEvent.Up up) {
            reconciler.up(id, now);
            if (driver == null) {
                upWithoutDriver.put(id, up.report());
            } else {
                instruct(id, up.report(), open);
            }
        } else if (event instanceof ActorEvent.Ended ended) {
            idByName.remove(event.name());
            upWithoutDriver.remove(id);
            LOG.debug("Executor {} ended: {}", id, ended.reason());
            reconciler.ended(id, ended.reason(), now).forEach(action -> perform(action, open));
            if (driver != null) {
                driver.lost(id, ended.reason());
            }
        }
    }

    private void instruct(long id, WorkerReport report, RayLink open) {
        Driver present = driver;
        Integer profile = profileById.get(id);
        if (present == null || profile == null) {
            return;
        }
        try {
            open.run(name(id), present.instructions(id, profile, report).encode());
        } catch (ArclightException e) {
            Instant now = Instant.now();
            open.kill(name(id));
            reconciler.unfit(id, String.valueOf(e.getMessage()), now).forEach(action -> perform(action, open));
        }
    }

    private void perform(Action action, RayLink open) {
        if (action instanceof Action.Launch launch) {
            String name = name(launch.executor());
            synchronized (this) {
                idByName.put(name, launch.executor());
                profileById.put(launch.executor(), launch.profile());
                hopeless.remove(launch.profile());
            }
            open.launch(blueprint.request(name, launch.profile(), launch.place()));
        } else if (action instanceof Action.Kill kill) {
            LOG.debug("Executor {} is ended: {}", kill.executor(), kill.why());
            open.kill(name(kill.executor()));
        } else if (action instanceof Action.Examine examine) {
            if (!closing) {
                List<RayNode> known = blueprint.among(nodes);
                examiner.execute(() -> examine(examine.profile(), known, open));
            }
        } else if (action instanceof Action.Mention mention) {
            LOG.warn("Executors on Ray: {}", mention.what());
        } else if (action instanceof Action.GiveUp giveUp) {
            LOG.error("No executors on Ray: {}", giveUp.why());
            synchronized (this) {
                hopeless.put(giveUp.profile(), giveUp.why());
            }
        }
    }

    private void examine(int profile, List<RayNode> known, RayLink open) {
        Demand demand = blueprint.demand(profile);
        List<RayNode> able =
                known.stream().filter(node -> node.canHold(demand.resources())).toList();
        try {
            ActorRequest request = blueprint.request(application + "-examined", profile, 0);
            Examination found = open.examine(able, request, EXAMINE);
            synchronized (this) {
                reconciler.examined(profile, found).forEach(action -> perform(action, open));
            }
        } catch (RuntimeException e) {
            LOG.debug("Nodes were not examined", e); // the cluster or this session has gone, which is told elsewhere
        }
    }

    private void endExaminations() throws InterruptedException {
        examiner.shutdownNow();
        if (!examiner.awaitTermination(EXAMINE.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.warn("The examination of nodes did not end within {} s", EXAMINE.toSeconds());
        }
    }

    private static Thread examiner(Runnable work) {
        Thread thread = new Thread(work, "arclight-ray-examine");
        thread.setDaemon(true);
        return thread;
    }

    private void tellHopeless() {
        List<String> reasons;
        Driver present;
        synchronized (this) {
            hopeless.keySet().removeIf(profile -> reconciler.gaveUp(profile).isEmpty());
            String gone = severed == null ? headless : severed;
            reasons = gone == null ? List.copyOf(hopeless.values()) : List.of(gone);
            present = driver;
        }
        if (present != null) {
            reasons.forEach(present::hopeless);
        }
    }

    private String name(long executor) {
        return "%s-executor-%d".formatted(application, executor);
    }
}
