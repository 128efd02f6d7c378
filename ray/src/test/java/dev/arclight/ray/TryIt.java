package dev.arclight.ray;

import dev.arclight.engine.Arclight;

/** Starts a session on a Ray cluster and tells how long it took: for a person to try. {@code TryIt MASTER [N]} */
final class TryIt {
    private TryIt() {}

    public static void main(String[] arguments) {
        long began = ProcessHandle.current().info().startInstant().orElseThrow().toEpochMilli();
        System.out.printf("main     %.2f s%n", (System.currentTimeMillis() - began) / 1e3);
        var builder = Arclight.builder("try").master(arguments[0]);
        builder.spark("spark.executor.instances", arguments.length > 1 ? arguments[1] : "1");
        if (arguments.length > 2) {
            for (String setting : arguments[2].split(",", -1)) {
                builder.spark(setting.split("=", 2)[0], setting.split("=", 2)[1]);
            }
        }
        try (Arclight arclight = builder.start()) {
            System.out.printf("session  %.2f s%n", (System.currentTimeMillis() - began) / 1e3);
            System.out.println(arclight.spark().range(1).count());
            System.out.printf("count    %.2f s%n", (System.currentTimeMillis() - began) / 1e3);
            System.out.println(
                    arclight.spark().range(1000).selectExpr("sum(id)").collectAsList());
            System.out.printf("sum      %.2f s%n", (System.currentTimeMillis() - began) / 1e3);
        }
        System.out.printf("closed   %.2f s%n", (System.currentTimeMillis() - began) / 1e3);
    }
}
