package dev.arclight.ray.actor;

import dev.arclight.ray.link.ExecutorInstructions;
import dev.arclight.ray.spark.ExecutorProcess;

/**
 * The executor's threads. Apart from {@link ExecutorActor} so that the driver can name that class without having Spark.
 */
final class ExecutorThread {
    private ExecutorThread() {}

    static void warmUp() {
        Thread thread = thread("arclight-warm-up", ExecutorProcess::warmUp);
        thread.setDaemon(true);
        thread.start();
    }

    static String run(ExecutorInstructions instructions) throws InterruptedException {
        Thread thread = thread("arclight-executor", () -> ExecutorProcess.run(instructions));
        thread.start();
        thread.join();
        return "it was told to stop";
    }

    /** With Spark's own class loader: Ray's loader for job code would hide Spark's own from the tasks. */
    private static Thread thread(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setContextClassLoader(ExecutorThread.class.getClassLoader());
        return thread;
    }
}
