package dev.arclight.ray.fleet;

import dev.arclight.ray.link.ActorRequest;
import dev.arclight.ray.link.RayLink;
import dev.arclight.ray.link.RayNode;
import java.util.List;

/** What the executors of a session look like. Safe for use by many threads. */
public interface Blueprint {
    /** What an executor of a profile takes from the cluster. */
    Demand demand(int profile);

    /** Of the cluster's nodes, those that executors may be on. */
    List<RayNode> among(List<RayNode> nodes);

    /**
     * Checks and reserves what must be there before the first executor, such as a placement group.
     *
     * @throws dev.arclight.base.ArclightException if the cluster cannot give it
     */
    void prepare(RayLink link);

    /**
     * The process to ask Ray for.
     *
     * @param place from 0, the lowest that is free within the profile
     */
    ActorRequest request(String name, int profile, int place);
}
