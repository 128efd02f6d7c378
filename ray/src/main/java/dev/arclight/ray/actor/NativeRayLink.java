package dev.arclight.ray.actor;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.ray.link.ActorEvent;
import dev.arclight.ray.link.ActorRequest;
import dev.arclight.ray.link.DriverQuestion;
import dev.arclight.ray.link.Examination;
import dev.arclight.ray.link.RayLink;
import dev.arclight.ray.link.RayNode;
import dev.arclight.ray.link.RayTarget;
import dev.arclight.ray.link.WorkerReport;
import io.ray.api.ActorHandle;
import io.ray.api.ObjectRef;
import io.ray.api.PlacementGroups;
import io.ray.api.Ray;
import io.ray.api.exception.RayException;
import io.ray.api.options.PlacementGroupCreationOptions;
import io.ray.api.placementgroup.PlacementGroup;
import io.ray.api.placementgroup.PlacementStrategy;
import io.ray.api.runtimeenv.RuntimeEnv;
import io.ray.api.runtimeenv.types.RuntimeEnvName;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** {@link RayLink} over Ray's Java API. Made by reflection, see {@code RayConnector}. */
public final class NativeRayLink implements RayLink {
    static final String NAMESPACE = "arclight";
    /** Calls that an executor process answers beside the one that runs the executor. */
    private static final int CONCURRENCY = 16;

    private static final int LOOK_MILLIS = 3_000;

    private record Actor(ActorHandle<ExecutorActor> handle) {}

    private record Awaited(String name, boolean ends, ObjectRef<Object> ref) {}

    private final Map<String, Actor> actors = new ConcurrentHashMap<>();
    private final Map<String, PlacementGroup> groups = new ConcurrentHashMap<>();
    private final List<String> reserved = new ArrayList<>();
    private final List<Awaited> awaited = new ArrayList<>();
    private final String address;
    private final boolean owner;
    private boolean closed;

    /**
     * Joins the cluster.
     *
     * @param address HOST:PORT of the GCS
     * @param environment variables for Ray's native library, beside or instead of this process's
     */
    public NativeRayLink(String address, Map<String, String> environment) {
        this.address = address;
        owner = !Ray.isInitialized();
        if (!owner) {
            return;
        }
        if (NativeRayLink.class.getClassLoader() != RayLink.class.getClassLoader()) {
            SilentStatus.install();
        }
        environment.forEach(NativeEnvironment::set);
        Map<String, String> settings = Map.of(
                "ray.address",
                address,
                "ray.run-mode",
                "CLUSTER",
                "ray.job.namespace",
                NAMESPACE,
                "ray.logging.level",
                "WARN",
                // Ray refuses calls between Java and Python without one. Nothing is there: code comes by class path. It
                // is absolute because Ray's Java fails on a file of that name in the working folder.
                "ray.job.code-search-path",
                "/dev/null/arclight");
        List<String> ours = new ArrayList<>();
        settings.forEach((key, value) -> {
            if (System.getProperty(key) == null) {
                System.setProperty(key, value);
                ours.add(key);
            }
        });
        System.setProperty("ray.address", address);
        try {
            Ray.init();
        } finally {
            ours.forEach(System::clearProperty);
        }
    }

    @Override
    public List<RayNode> nodes() {
        return Ray.getRuntimeContext().getAllNodeInfo().stream()
                .map(node -> new RayNode(
                        String.valueOf(node.nodeId),
                        node.nodeAddress,
                        node.isAlive,
                        node.resources == null ? Map.of() : node.resources))
                .toList();
    }

    @Override
    public String address() {
        return address;
    }

    @Override
    public boolean answers() {
        RayTarget target = RayTarget.parse(address);
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(target.host(), target.port()), LOOK_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public String node() {
        return String.valueOf(Ray.getRuntimeContext().getCurrentNodeId());
    }

    @Override
    public void launch(ActorRequest request) {
        var creator = Ray.actor(ExecutorActor::new)
                .setName(request.name())
                .setJvmOptions(request.jvmOptions())
                .setResources(new HashMap<>(request.resources()))
                .setMaxConcurrency(CONCURRENCY)
                .setMaxRestarts(0);
        request.slot().ifPresent(slot -> creator.setPlacementGroup(group(slot.group()), slot.bundle()));
        if (!request.environment().isEmpty()) {
            RuntimeEnv environment = new RuntimeEnv.Builder().build();
            environment.set(RuntimeEnvName.ENV_VARS, new HashMap<>(request.environment()));
            creator.setRuntimeEnv(environment);
        }
        ActorHandle<ExecutorActor> handle = creator.remote();
        actors.put(request.name(), new Actor(handle));
        await(request.name(), false, handle.task(ExecutorActor::report).remote());
    }

    @Override
    public void run(String name, byte[] instructions) {
        Actor actor = actors.get(name);
        if (actor != null) {
            await(
                    name,
                    true,
                    actor.handle().task(ExecutorActor::run, instructions).remote());
        }
    }

    @Override
    public Examination examine(List<RayNode> able, ActorRequest request, Duration atMost) {
        return NodeExamination.of(able, request, atMost);
    }

    @Override
    public void kill(String name) {
        Actor actor = actors.remove(name);
        if (actor != null) {
            actor.handle().kill();
        }
    }

    @Override
    public List<ActorEvent> poll(Duration atMost) {
        List<Awaited> now;
        synchronized (awaited) {
            long end = System.nanoTime() + atMost.toNanos();
            while (awaited.isEmpty()) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    return List.of();
                }
                try {
                    TimeUnit.NANOSECONDS.timedWait(awaited, left);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return List.of();
                }
            }
            now = List.copyOf(awaited);
        }
        Map<ObjectRef<Object>, Awaited> byRef = new HashMap<>();
        now.forEach(one -> byRef.put(one.ref(), one));
        List<ActorEvent> events = new ArrayList<>();
        // Local copies are not wanted before they are ready, hence the last argument.
        for (ObjectRef<Object> ready : Ray.wait(
                        now.stream().map(Awaited::ref).toList(), 1, (int) atMost.toMillis(), true)
                .getReady()) {
            Awaited one = byRef.get(ready);
            if (one == null) {
                continue;
            }
            synchronized (awaited) {
                awaited.remove(one);
            }
            events.add(event(one));
        }
        return events;
    }

    private ActorEvent event(Awaited one) {
        try {
            String said = (String) one.ref().get();
            if (one.ends() || said.startsWith(ExecutorActor.FAILED)) {
                kill(one.name());
                return new ActorEvent.Ended(one.name(), said.replaceFirst(ExecutorActor.FAILED, ""));
            }
            return new ActorEvent.Up(one.name(), WorkerReport.parse(said));
        } catch (RayException e) {
            actors.remove(one.name());
            return new ActorEvent.Ended(one.name(), RayFailure.sentence(e));
        }
    }

    @Override
    public boolean reserve(String name, String strategy, List<Map<String, Double>> bundles, Duration atMost) {
        PlacementGroup group = PlacementGroups.createPlacementGroup(new PlacementGroupCreationOptions.Builder()
                .setName(name)
                .setBundles(bundles.stream()
                        .map(bundle -> (Map<String, Double>) new HashMap<>(bundle))
                        .toList())
                .setStrategy(PlacementStrategy.valueOf(strategy))
                .build());
        if (!group.wait((int) Math.max(1, atMost.toSeconds()))) {
            PlacementGroups.removePlacementGroup(group.getId());
            return false;
        }
        groups.put(name, group);
        synchronized (reserved) {
            reserved.add(name);
        }
        return true;
    }

    @Override
    public List<Map<String, Double>> bundles(String group) {
        return group(group).getBundles();
    }

    @Override
    public void startDriver(ActorRequest request, byte[] instructions, Duration atMost) {
        NativeDrivers.start(request, instructions, atMost);
    }

    @Override
    public Optional<byte[]> askDriver(String name, DriverQuestion question, long argument, Duration atMost) {
        return NativeDrivers.ask(name, question, argument, atMost);
    }

    @Override
    public void killDriver(String name) {
        NativeDrivers.kill(name);
    }

    @Override
    public void runPython(String source, Duration atMost) {
        PythonCall.run(source, atMost);
    }

    @Override
    public byte[] askDirectory(byte[] request, Duration atMost) {
        return DirectoryCall.ask(request, atMost);
    }

    @Override
    public byte[] askActor(String name, String who, byte[] request, Duration atMost) {
        return PythonCall.ask(name, who, request, atMost)
                .orElseThrow(
                        () -> ArclightException.notFound("The Ray cluster has no actor %s (%s)".formatted(name, who)));
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        actors.keySet().forEach(this::kill);
        synchronized (reserved) {
            for (String name : reserved) {
                PlacementGroup group = groups.get(name);
                if (group != null) {
                    PlacementGroups.removePlacementGroup(group.getId());
                }
            }
        }
        if (owner) {
            Ray.shutdown();
        }
    }

    private PlacementGroup group(String nameOrId) {
        return groups.computeIfAbsent(
                nameOrId,
                wanted -> PlacementGroups.getAllPlacementGroups().stream()
                        .filter(group -> wanted.equals(group.getName()) || wanted.equals(String.valueOf(group.getId())))
                        .findFirst()
                        .orElseThrow(() -> new ArclightException(
                                ErrorCode.NOT_FOUND,
                                "The cluster has no placement group '%s' (looked at names and ids)"
                                        .formatted(wanted))));
    }

    @SuppressWarnings("unchecked") // ObjectRef is read-only here
    private void await(String name, boolean ends, ObjectRef<?> ref) {
        synchronized (awaited) {
            awaited.add(new Awaited(name, ends, (ObjectRef<Object>) ref));
            awaited.notifyAll();
        }
    }
}
