package dev.arclight.serve;

/** Whether something leaks. */
final class Heap {
    private Heap() {}

    /** Bytes that live after a collection; the least of three, because a collection may leave some for the next. */
    static long used() {
        Runtime runtime = Runtime.getRuntime();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }
}
