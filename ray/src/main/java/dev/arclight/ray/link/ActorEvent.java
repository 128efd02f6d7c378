package dev.arclight.ray.link;

/** What became of an executor process. */
public sealed interface ActorEvent {
    /** The name given in the {@link ActorRequest}. */
    String name();

    /** Its JVM runs and answered. */
    record Up(String name, WorkerReport report) implements ActorEvent {}

    /**
     * It is no more, or never was.
     *
     * @param reason one sentence
     */
    record Ended(String name, String reason) implements ActorEvent {}
}
