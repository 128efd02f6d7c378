package dev.arclight.ray.fleet;

/** What a {@link Reconciler} wants done. */
public sealed interface Action {
    /**
     * Ask Ray for an executor.
     *
     * @param executor its id: a number that was never used before in this session
     * @param place from 0, the lowest that no other executor of the profile holds: names a bundle or a node
     */
    record Launch(long executor, int profile, int place) implements Action {}

    /** End an executor's process. */
    record Kill(long executor, String why) implements Action {}

    /** Look whether the nodes can start executors of a profile at all, and tell {@link Reconciler#examined}. */
    record Examine(int profile) implements Action {}

    /** Tell the user; executors are still wanted and may still come. */
    record Mention(int profile, String what) implements Action {}

    /** Nothing more is tried for this profile, and it has no executor. */
    record GiveUp(int profile, String why) implements Action {}
}
