package dev.arclight.examples.wine;

import dev.arclight.examples.CommandRun;

/** Runs {@code arclight demo wine} in this JVM. */
final class DemoRun {
    private DemoRun() {}

    /** Returns what it printed; throws what the command throws. */
    static String of(Object... arguments) throws Exception {
        return CommandRun.of(new WineCommand(), arguments);
    }
}
