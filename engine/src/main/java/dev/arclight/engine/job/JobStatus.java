package dev.arclight.engine.job;

/**
 * How a job stands.
 *
 * @param detail for people: what it waits for, why it failed; may be empty
 */
public record JobStatus(State state, String detail) {
    /** What a job goes through: from the first two to one of the others, where it stays. */
    public enum State {
        /** Accepted; its driver has not begun. */
        PENDING,
        RUNNING,
        /** {@code main} returned. */
        SUCCEEDED,
        /** {@code main} threw, or its process ended with another exit code than 0. */
        FAILED,
        /** Ended because somebody asked for it. */
        STOPPED,
        /** The platform knows it no more: how it ended is not known. */
        LOST;

        /** Whether it will not change again. */
        public boolean ended() {
            return this != PENDING && this != RUNNING;
        }
    }
}
