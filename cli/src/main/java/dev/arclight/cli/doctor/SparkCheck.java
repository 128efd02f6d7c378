package dev.arclight.cli.doctor;

import dev.arclight.base.command.Check;
import dev.arclight.base.command.CommandContext;
import dev.arclight.engine.Arclight;

/** Whether an embedded Spark session starts and counts. Takes a few seconds. */
public final class SparkCheck implements Check {
    @Override
    public String name() {
        return "Spark";
    }

    @Override
    public int order() {
        return 3;
    }

    @Override
    public Finding look(CommandContext context) {
        long start = System.nanoTime();
        try (Arclight session = Arclight.builder("doctor").master("local[1]").start()) {
            long rows = session.spark().range(1000).count();
            if (rows != 1000) {
                return new Finding(Status.MISSING, "counted " + rows + " rows of 1000", "Report this as a defect");
            }
            return Finding.found("%s, embedded, started and counted in %.1f s"
                    .formatted(session.spark().version(), (System.nanoTime() - start) / 1e9));
        }
    }
}
