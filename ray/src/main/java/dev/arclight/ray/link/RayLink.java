package dev.arclight.ray.link;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A connection to a Ray cluster as one Ray job. Everything that was launched through it ends with it (but drivers),
 * also if this process is killed: Ray ends the actors of a job whose driver is gone. Safe for use by many threads.
 */
public interface RayLink extends AutoCloseable {
    /** All nodes that the cluster knows, dead ones too. */
    List<RayNode> nodes();

    /** HOST:PORT of the cluster's head. */
    String address();

    /** Whether somebody listens at {@link #address()}; takes 3 s at most. Other calls wait for the head in silence. */
    boolean answers();

    /**
     * The id of the node that this process is connected to. Where it dies, Ray takes this process for dead too: it ends
     * all of its actors and starts no further ones.
     */
    String node();

    /**
     * Asks Ray for an executor process. Returns at once; demand that does not fit waits in Ray, where its autoscaler
     * sees it. {@link #poll} tells when it is up or has ended.
     */
    void launch(ActorRequest request);

    /**
     * Starts the executor in a process that is up. Returns at once.
     *
     * @param instructions what {@code ExecutorInstructions} encodes; may hold secrets, because an argument goes from
     *     process to process and is kept nowhere else
     */
    void run(String name, byte[] instructions);

    /** Ends a process, also one that still waits for its resources. Its {@link ActorEvent.Ended} may follow. */
    void kill(String name);

    /**
     * Looks whether nodes can start an executor's JVM: its files, its options, the program java. Takes seconds: Ray
     * starts a Python worker on each for it, so only the first few are looked at.
     *
     * @param able the nodes that have room for it
     * @param atMost a node that says nothing for so long is taken for able
     */
    Examination examine(List<RayNode> able, ActorRequest request, Duration atMost);

    /**
     * Waits for news.
     *
     * @param atMost how long to wait for the first
     * @return in no special order; empty if nothing happened
     */
    List<ActorEvent> poll(Duration atMost);

    /**
     * Reserves a placement group and waits for it.
     *
     * @param strategy {@code PACK}, {@code SPREAD}, {@code STRICT_PACK} or {@code STRICT_SPREAD}
     * @param bundles each by Ray's resource names
     * @return whether the cluster could place it in time; if not, the request is withdrawn
     */
    boolean reserve(String group, String strategy, List<Map<String, Double>> bundles, Duration atMost);

    /**
     * The bundles of an existing placement group.
     *
     * @param group name or hexadecimal id
     * @throws dev.arclight.base.ArclightException NOT_FOUND
     */
    List<Map<String, Double>> bundles(String group);

    /**
     * Starts a driver that outlives this job, as a detached actor, and waits until its application has begun.
     *
     * @param instructions what {@code DriverInstructions} encodes; may hold secrets
     * @throws dev.arclight.base.ArclightException TIMEOUT if the cluster has no room in time; the request is withdrawn
     */
    void startDriver(ActorRequest request, byte[] instructions, Duration atMost);

    /**
     * Asks a driver of {@link #startDriver}, also one that another process started.
     *
     * @param argument as {@link DriverQuestion} says, else 0
     * @return the answer; empty if the cluster has no such driver
     * @throws dev.arclight.base.ArclightException TIMEOUT; UNAVAILABLE if its process has ended
     */
    Optional<byte[]> askDriver(String name, DriverQuestion question, long argument, Duration atMost);

    /** Ends a driver's process; nothing happens if there is none. */
    void killDriver(String name);

    /**
     * Runs Python source, as a program of its own, in a worker process somewhere on the cluster.
     *
     * @throws dev.arclight.base.ArclightException UNAVAILABLE with what Python said, TIMEOUT
     */
    void runPython(String source, Duration atMost);

    /**
     * Asks the directory of datasets. Safe for use by many threads.
     *
     * @param request JSON
     * @return JSON
     * @throws dev.arclight.base.ArclightException NOT_FOUND if there is no directory, UNAVAILABLE, TIMEOUT
     */
    byte[] askDirectory(byte[] request, Duration atMost);

    /**
     * Asks a named Python actor of the namespace {@code arclight}, such as one that {@link #runPython} started: its
     * method {@code ask}, which takes and gives bytes. Safe for use by many threads.
     *
     * @param who names it in messages
     * @throws dev.arclight.base.ArclightException NOT_FOUND if there is no such actor, UNAVAILABLE, TIMEOUT
     */
    byte[] askActor(String name, String who, byte[] request, Duration atMost);

    /** Ends everything that was launched and reserved, and leaves the cluster. Idempotent. */
    @Override
    void close();
}
