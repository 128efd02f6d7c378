package dev.arclight.ray.fleet;

import dev.arclight.ray.link.Examination;
import dev.arclight.ray.link.RayNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Compares the executors that are wanted with those that are there, those that start and those that wait in Ray, and
 * says what to do. Pure: time, events and nodes come in, {@link Action}s go out. Not safe for use by many threads.
 *
 * <p>Laws: executors of a profile that are not leaving never exceed what is wanted, except registered ones, which only
 * Spark may name for removal; what is missing is asked for at once unless it failed before (back-off) or was given up;
 * what was given up because it fits no node is tried again when a node comes that holds it.
 */
public final class Reconciler {
    private enum Phase {
        /** Asked of Ray. */
        WAITING,
        /** Its process is up. */
        STARTING,
        REGISTERED,
        /** Told to end; not counted. */
        LEAVING
    }

    private static final class Executor {
        final long id;
        final int profile;
        final int place;
        Phase phase = Phase.WAITING;
        Instant since;

        Executor(long id, int profile, int place, Instant since) {
            this.id = id;
            this.profile = profile;
            this.place = place;
            this.since = since;
        }

        void become(Phase next, Instant now) {
            phase = next;
            since = now;
        }
    }

    private static final class Profile {
        int wanted;
        int failures;
        Instant notBefore = Instant.MIN;
        Instant mentioned = Instant.MIN;
        int examinations;
        Instant examineNotBefore = Instant.MIN;

        @Nullable Instant fitsNowhereSince;

        @Nullable String gaveUp;

        boolean gaveUpForGood;
    }

    private final Limits limits;
    private final IntFunction<Demand> demand;
    private final Map<Integer, Profile> profiles = new TreeMap<>();
    private final Map<Long, Executor> executors = new TreeMap<>();
    private long nextId;

    /** @param demand what an executor of a profile takes */
    public Reconciler(Limits limits, IntFunction<Demand> demand) {
        this.limits = limits;
        this.demand = demand;
    }

    /** Sets how many executors of each profile there should be; profiles not named are wanted no more. */
    public void want(Map<Integer, Integer> wanted) {
        profiles.values().forEach(profile -> profile.wanted = 0);
        wanted.forEach((id, count) -> profiles.computeIfAbsent(id, unused -> new Profile()).wanted = count);
    }

    /** The executor's process is up. */
    public void up(long id, Instant now) {
        Executor executor = executors.get(id);
        if (executor != null && executor.phase == Phase.WAITING) {
            executor.become(Phase.STARTING, now);
        }
    }

    /** The driver knows the executor. */
    public void registered(long id, Instant now) {
        Executor executor = executors.get(id);
        if (executor != null && executor.phase != Phase.LEAVING) {
            executor.become(Phase.REGISTERED, now);
            Profile profile = profile(executor);
            profile.gaveUp = null;
            profile.examinations = 0;
            profile.examineNotBefore = Instant.MIN;
        }
    }

    /** Spark wants the executor to end; the number that is wanted is told by {@link #want} apart from this. */
    public void release(long id, Instant now) {
        Executor executor = executors.get(id);
        if (executor != null) {
            executor.become(Phase.LEAVING, now);
        }
    }

    /**
     * The executor is no more.
     *
     * @return what to tell the user: only if it ended against our will
     */
    public List<Action> ended(long id, String reason, Instant now) {
        Executor executor = executors.remove(id);
        if (executor == null || executor.phase == Phase.LEAVING) {
            return List.of();
        }
        Profile profile = profile(executor);
        Duration lived = Duration.between(executor.since, now);
        if (executor.phase == Phase.REGISTERED && lived.compareTo(limits.earlyDeath()) >= 0) {
            profile.failures = 0;
            return List.of();
        }
        return failed(executor.profile, profile, reason, now);
    }

    /**
     * The executor's process cannot be used, nor could the next one there: unless others of its profile run, that is
     * given up at once.
     *
     * @return what to tell the user
     */
    public List<Action> unfit(long id, String reason, Instant now) {
        Executor executor = executors.get(id);
        if (executor == null || executor.phase == Phase.LEAVING) {
            return List.of();
        }
        executor.become(Phase.LEAVING, now);
        Profile profile = profile(executor);
        if (running(executor.profile) || profile.gaveUp != null) {
            return failed(executor.profile, profile, reason, now);
        }
        profile.gaveUp = reason;
        profile.gaveUpForGood = true;
        return List.of(new Action.GiveUp(executor.profile, reason));
    }

    /**
     * What a look at the nodes has found, see {@link Action.Examine}.
     *
     * @return what to tell the user: where no node can start an executor and none runs, nothing more is tried
     */
    public List<Action> examined(int id, Examination found) {
        Profile profile = profiles.get(id);
        if (profile == null || profile.gaveUp != null || found.troubles().isEmpty()) {
            return List.of();
        }
        if (running(id) || !found.everywhere()) {
            return List.of(new Action.Mention(id, found.sentence()));
        }
        profile.gaveUp = found.sentence();
        profile.gaveUpForGood = true;
        return List.of(new Action.GiveUp(id, found.sentence()));
    }

    /** Executors that count: waiting, starting or registered. */
    public int count(int profile) {
        return (int) counted(profile).count();
    }

    /** Why nothing more is tried for {@code profile}, if so. */
    public Optional<String> gaveUp(int profile) {
        Profile known = profiles.get(profile);
        return known == null ? Optional.empty() : Optional.ofNullable(known.gaveUp);
    }

    /** What to do now. Each action is given once and taken for done. */
    public List<Action> decide(Instant now, List<RayNode> nodes) {
        List<Action> actions = new ArrayList<>();
        profiles.forEach((id, profile) -> {
            overdue(id, profile, now, actions);
            fit(id, profile, now, nodes, actions);
            if (profile.gaveUp == null) {
                balance(id, profile, now, actions);
            } else {
                cancel(id, Integer.MAX_VALUE, now, "given up", actions);
            }
            settle(id, profile, now);
        });
        return actions;
    }

    private void overdue(int id, Profile profile, Instant now, List<Action> actions) {
        for (Executor late : counted(id)
                .filter(e -> e.phase == Phase.STARTING)
                .filter(e -> Duration.between(e.since, now).compareTo(limits.register()) > 0)
                .toList()) {
            late.become(Phase.LEAVING, now);
            String why = "it did not register with the driver within %d s (can its node reach the driver?)"
                    .formatted(limits.register().toSeconds());
            actions.add(new Action.Kill(late.id, why));
            actions.addAll(failed(id, profile, why, now));
        }
    }

    private void fit(int id, Profile profile, Instant now, List<RayNode> nodes, List<Action> actions) {
        long waiting = counted(id).filter(e -> e.phase == Phase.WAITING).count();
        boolean fits = demand.apply(id).fitsSomeNode(nodes);
        if (fits) {
            profile.fitsNowhereSince = null;
            if (profile.gaveUp != null && !profile.gaveUpForGood) {
                profile.gaveUp = null;
            }
        } else if (waiting > 0 && profile.gaveUp == null) {
            Instant since = profile.fitsNowhereSince;
            if (since == null) {
                profile.fitsNowhereSince = now;
            } else if (Duration.between(since, now).compareTo(limits.neverFits()) >= 0) {
                String why = demand.apply(id).comparedWith(nodes);
                profile.gaveUp = why;
                profile.gaveUpForGood = false;
                actions.add(running(id) ? new Action.Mention(id, why) : new Action.GiveUp(id, why));
                return;
            }
        }
        if (fits && profile.gaveUp == null) {
            examine(id, profile, now, actions);
        }
        if (waiting > 0 && profile.gaveUp == null) {
            if (profile.mentioned.equals(Instant.MIN)) {
                profile.mentioned = now;
            } else if (Duration.between(profile.mentioned, now).compareTo(limits.waiting()) >= 0) {
                profile.mentioned = now;
                Demand each = demand.apply(id);
                actions.add(new Action.Mention(
                        id,
                        fits
                                ? "%d executors wait for Ray to start them, %s each: the cluster is busy, or their JVMs end while they start (see the raylet's logs)"
                                        .formatted(waiting, each.describe())
                                : each.comparedWith(nodes)));
            }
        } else {
            profile.mentioned = Instant.MIN;
        }
    }

    /** Ray tries for ever to start a JVM that cannot start, and says nothing. */
    private void examine(int id, Profile profile, Instant now, List<Action> actions) {
        counted(id)
                .filter(e -> e.phase == Phase.WAITING)
                .min(Comparator.comparing((Executor e) -> e.since))
                .filter(e -> Duration.between(e.since, now).compareTo(limits.examine()) >= 0)
                .filter(e -> !now.isBefore(profile.examineNotBefore))
                .ifPresent(longest -> {
                    profile.examinations++;
                    profile.examineNotBefore =
                            now.plus(limits.examine().multipliedBy(1L << Math.min(10, profile.examinations)));
                    actions.add(new Action.Examine(id));
                });
    }

    private void balance(int id, Profile profile, Instant now, List<Action> actions) {
        int missing = profile.wanted - count(id);
        if (missing < 0) {
            cancel(id, -missing, now, "no longer wanted", actions);
        } else if (missing > 0 && !now.isBefore(profile.notBefore)) {
            Set<Integer> taken = new HashSet<>();
            counted(id).forEach(e -> taken.add(e.place));
            int place = 0;
            for (int i = 0; i < missing; i++) {
                while (!taken.add(place)) {
                    place++;
                }
                Executor executor = new Executor(nextId++, id, place, now);
                executors.put(executor.id, executor);
                actions.add(new Action.Launch(executor.id, id, place));
            }
        }
    }

    /** Ends up to {@code most} executors that are not registered, those that waited least first. */
    private void cancel(int id, int most, Instant now, String why, List<Action> actions) {
        counted(id)
                .filter(e -> e.phase != Phase.REGISTERED)
                .sorted(Comparator.comparing((Executor e) -> e.phase).thenComparing(e -> -e.id))
                .limit(most)
                .toList()
                .forEach(e -> {
                    e.become(Phase.LEAVING, now);
                    actions.add(new Action.Kill(e.id, why));
                });
    }

    /** Forgets old failures once an executor has lived long enough. */
    private void settle(int id, Profile profile, Instant now) {
        if (profile.failures > 0
                && counted(id)
                        .anyMatch(e -> e.phase == Phase.REGISTERED
                                && Duration.between(e.since, now).compareTo(limits.earlyDeath()) >= 0)) {
            profile.failures = 0;
        }
    }

    private List<Action> failed(int id, Profile profile, String reason, Instant now) {
        profile.failures++;
        profile.notBefore = now.plus(limits.backOff(profile.failures));
        if (profile.failures >= limits.failures() && !running(id) && profile.gaveUp == null) {
            String why = "%d executors in a row failed to start; the last: %s".formatted(profile.failures, reason);
            profile.gaveUp = why;
            profile.gaveUpForGood = true;
            return List.of(new Action.GiveUp(id, why));
        }
        Action mention = new Action.Mention(id, "an executor failed to start: " + reason);
        // Twice may be chance; whether it is the node is worth a look before the rest is tried.
        return profile.failures == 2 && !running(id) ? List.of(mention, new Action.Examine(id)) : List.of(mention);
    }

    private boolean running(int id) {
        return counted(id).anyMatch(e -> e.phase == Phase.REGISTERED);
    }

    private java.util.stream.Stream<Executor> counted(int profile) {
        return executors.values().stream().filter(e -> e.profile == profile && e.phase != Phase.LEAVING);
    }

    private Profile profile(Executor executor) {
        return profiles.computeIfAbsent(executor.profile, unused -> new Profile());
    }
}
