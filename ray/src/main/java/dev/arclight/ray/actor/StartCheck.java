package dev.arclight.ray.actor;

import java.util.List;

/** A program that ends with 0 where its class path has what an executor begins with; {@code examine.py} runs it. */
final class StartCheck {
    private static final List<String> NEEDED = List.of(
            "io.ray.runtime.runner.worker.DefaultWorker",
            "dev.arclight.ray.link.ExecutorInstructions",
            "org.apache.spark.executor.CoarseGrainedExecutorBackend");

    private StartCheck() {}

    public static void main(String[] arguments) {
        for (String name : NEEDED) {
            try {
                Class.forName(name, false, StartCheck.class.getClassLoader());
            } catch (ClassNotFoundException | LinkageError e) {
                System.out.println("There is no class " + name);
                System.exit(1);
            }
        }
    }
}
