package dev.arclight.ray.fleet;

import dev.arclight.ray.link.ActorEvent;
import dev.arclight.ray.link.ActorRequest;
import dev.arclight.ray.link.DriverQuestion;
import dev.arclight.ray.link.Examination;
import dev.arclight.ray.link.RayLink;
import dev.arclight.ray.link.RayNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A cluster of one node whose processes come up and end when the test says so: for the fleet's thread alone. */
final class ScriptedLink implements RayLink {
    final List<String> launched = new CopyOnWriteArrayList<>();
    final List<String> running = new CopyOnWriteArrayList<>();
    final List<String> killed = new CopyOnWriteArrayList<>();
    final BlockingQueue<ActorEvent> events = new LinkedBlockingQueue<>();
    volatile Examination examination = new Examination(0, 0, List.of());
    volatile boolean alive = true;
    final AtomicInteger polls = new AtomicInteger();

    @Override
    public List<RayNode> nodes() {
        return List.of(new RayNode("n", "10.0.0.1", alive, Map.of("CPU", 4.0)));
    }

    @Override
    public String address() {
        return "10.0.0.1:6379";
    }

    @Override
    public boolean answers() {
        return true;
    }

    @Override
    public String node() {
        return "n";
    }

    @Override
    public void launch(ActorRequest request) {
        launched.add(request.name());
    }

    @Override
    public void run(String name, byte[] instructions) {
        running.add(name);
    }

    @Override
    public Examination examine(List<RayNode> able, ActorRequest request, Duration atMost) {
        return examination;
    }

    @Override
    public void kill(String name) {
        killed.add(name);
    }

    @Override
    public List<ActorEvent> poll(Duration atMost) {
        polls.incrementAndGet();
        try {
            ActorEvent event = events.poll(atMost.toMillis(), TimeUnit.MILLISECONDS);
            return event == null ? List.of() : List.of(event);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    @Override
    public boolean reserve(String group, String strategy, List<Map<String, Double>> bundles, Duration atMost) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Map<String, Double>> bundles(String group) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void startDriver(ActorRequest request, byte[] instructions, Duration atMost) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<byte[]> askDriver(String name, DriverQuestion question, long argument, Duration atMost) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void killDriver(String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void runPython(String source, Duration atMost) {
        throw new UnsupportedOperationException();
    }

    @Override
    public byte[] askDirectory(byte[] request, Duration atMost) {
        throw new UnsupportedOperationException();
    }

    @Override
    public byte[] askActor(String name, String who, byte[] request, Duration atMost) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
