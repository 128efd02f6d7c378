package dev.arclight.ray.fleet;

import dev.arclight.ray.link.RayNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;

/**
 * A cluster in simulated time, for the reconciler's decisions alone: places executors where they fit, starts them
 * slowly, lets some fail, die or never register.
 */
final class SimulatedRay {
    private static final class Worker {
        final int profile;
        int node = -1;
        Instant next = Instant.MAX;
        boolean up;
        boolean registered;

        Worker(int profile) {
            this.profile = profile;
        }
    }

    final Reconciler reconciler;
    final Map<Long, Worker> processes = new TreeMap<>();
    final List<RayNode> nodes = new ArrayList<>();
    final List<Double> free = new ArrayList<>();
    final List<Action.GiveUp> gaveUp = new ArrayList<>();
    private final Map<Long, Integer> everLaunched = new HashMap<>();
    private final Random random;
    private final Map<Integer, Demand> demands;
    Instant now = Instant.EPOCH;
    /** Of 100: how many starts fail, and how many executors die in a second. */
    int failing;

    int dying;

    SimulatedRay(long seed, Limits limits, Map<Integer, Demand> demands) {
        random = new Random(seed);
        this.demands = demands;
        reconciler = new Reconciler(limits, this::demand);
    }

    void addNode(double cpus) {
        nodes.add(new RayNode("n" + nodes.size(), "10.0.0." + nodes.size(), true, Map.of("CPU", cpus)));
        free.add(cpus);
    }

    /** One step of simulated time: what happens in the cluster, then what the reconciler decides. */
    void step(Duration duration) {
        now = now.plus(duration);
        for (Map.Entry<Long, Worker> entry : Map.copyOf(processes).entrySet()) {
            advance(entry.getKey(), entry.getValue());
        }
        for (Action action : reconciler.decide(now, nodes)) {
            if (action instanceof Action.Launch launch) {
                if (everLaunched.put(launch.executor(), launch.profile()) != null) {
                    throw new AssertionError("Executor id used twice: " + launch.executor());
                }
                processes.put(launch.executor(), new Worker(launch.profile()));
            } else if (action instanceof Action.Kill kill) {
                end(kill.executor(), "killed");
            } else if (action instanceof Action.GiveUp giveUp) {
                gaveUp.add(giveUp);
            }
        }
    }

    /** Spark's dynamic allocation names a registered executor for removal. */
    void release(long id) {
        reconciler.release(id, now);
        end(id, "released");
    }

    void kill(long id) {
        end(id, "killed from outside");
    }

    List<Long> registered(int profile) {
        return processes.entrySet().stream()
                .filter(e -> e.getValue().profile == profile && e.getValue().registered)
                .map(Map.Entry::getKey)
                .toList();
    }

    long alive(int profile) {
        return processes.values().stream().filter(p -> p.profile == profile).count();
    }

    private void advance(long id, Worker process) {
        double cpus = cpus(process.profile);
        if (process.node < 0) {
            for (int i = 0; i < free.size(); i++) {
                if (free.get(i) >= cpus) {
                    free.set(i, free.get(i) - cpus);
                    process.node = i;
                    process.next = now.plusMillis(200 + random.nextInt(3000));
                    return;
                }
            }
        } else if (now.isBefore(process.next)) {
            return;
        } else if (!process.up) {
            if (random.nextInt(100) < failing) {
                end(id, "its JVM ended");
                return;
            }
            process.up = true;
            process.next = now.plusMillis(100 + random.nextInt(2000));
            reconciler.up(id, now);
        } else if (!process.registered) {
            process.registered = true;
            process.next = now.plusSeconds(1);
            reconciler.registered(id, now);
        } else {
            process.next = now.plusSeconds(1);
            if (random.nextInt(100) < dying) {
                end(id, "it died");
            }
        }
    }

    private Demand demand(int profile) {
        return Objects.requireNonNull(demands.get(profile));
    }

    private double cpus(int profile) {
        return demand(profile).resources().getOrDefault("CPU", 0.0);
    }

    private void end(long id, String why) {
        Worker process = processes.remove(id);
        if (process == null) {
            return;
        }
        if (process.node >= 0) {
            double cpus = cpus(process.profile);
            free.set(process.node, free.get(process.node) + cpus);
        }
        reconciler.ended(id, why, now).forEach(action -> {
            if (action instanceof Action.GiveUp giveUp) {
                gaveUp.add(giveUp);
            }
        });
    }
}
