package dev.arclight.ray;

import java.util.ArrayList;
import java.util.List;

/** How JVMs of executors are tuned where the user does not say otherwise. The reasons are in decision 053. */
final class WorkerJvm {
    /** What a heap begins with; it grows as it is used. */
    private static final long FIRST_HEAP_MIB = 128;
    /** One core gains nothing from a collector of many threads, unless its heap is large. */
    private static final long SERIAL_UP_TO_MIB = 4096;
    /** Ten times the JVM's own: short tasks of a young executor are not worth the second compiler's time. */
    private static final List<String> PATIENT_COMPILER = List.of(
            "-XX:Tier4InvocationThreshold=50000",
            "-XX:Tier4MinInvocationThreshold=6000",
            "-XX:Tier4CompileThreshold=100000",
            "-XX:Tier4BackEdgeThreshold=400000");

    private WorkerJvm() {}

    /**
     * Flags for a quick start and little memory.
     *
     * @param given the user's flags, which follow these; a collector among them is theirs to choose
     */
    static List<String> frugal(ExecutorShape shape, List<String> given) {
        List<String> flags = new ArrayList<>(PATIENT_COMPILER);
        flags.add("-Xms" + Math.min(FIRST_HEAP_MIB, shape.heapMiB()) + "m");
        boolean chosen = given.stream().anyMatch(flag -> flag.matches("-XX:[+-]Use\\w*GC"));
        if (!chosen && shape.cores() == 1 && shape.heapMiB() <= SERIAL_UP_TO_MIB) {
            flags.add("-XX:+UseSerialGC");
        }
        return flags;
    }
}
