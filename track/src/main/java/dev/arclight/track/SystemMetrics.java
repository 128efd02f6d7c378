package dev.arclight.track;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.ObjLongConsumer;

/**
 * What this process and its machine use while a run lasts, measured by one thread. Names are MLflow's
 * ({@code system/…}) where MLflow measures the same.
 */
final class SystemMetrics implements AutoCloseable {
    private static final double MEGABYTE = 1e6; // as MLflow counts
    private static final Path MEMORY = Path.of("/proc/self/status");
    private static final long STOP_SECONDS = 5;

    private final ObjLongConsumer<Map<String, Double>> sink;
    private final long nanos;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;

    /** @param sink takes each sample with its number, from 0 */
    SystemMetrics(String owner, Duration interval, ObjLongConsumer<Map<String, Double>> sink) {
        this.sink = sink;
        this.nanos = interval.toNanos();
        this.thread = new Thread(this::run, "arclight-system-metrics-" + owner);
        thread.setDaemon(true);
        thread.start();
    }

    /** Takes a last sample, so that a short run has one too. */
    @Override
    public void close() {
        stop.countDown();
        boolean interrupted = false;
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(STOP_SECONDS);
        while (thread.isAlive() && System.nanoTime() < deadline) {
            try {
                thread.join(Duration.ofSeconds(STOP_SECONDS).toMillis());
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            boolean last = false;
            for (long sample = 0; !last; sample++) {
                last = stop.await(nanos, TimeUnit.NANOSECONDS);
                sink.accept(measure(), sample);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody interrupts this thread but a dying JVM
        } catch (RuntimeException e) {
            // The store is gone, or the run's queue has failed, which the run itself will say.
            org.slf4j.LoggerFactory.getLogger(SystemMetrics.class).warn("System metrics end: {}", e.getMessage());
        }
    }

    static Map<String, Double> measure() {
        Map<String, Double> values = new LinkedHashMap<>();
        MemoryMXBean heap = ManagementFactory.getMemoryMXBean();
        values.put("system/jvm_heap_used_megabytes", heap.getHeapMemoryUsage().getUsed() / MEGABYTE);
        values.put(
                "system/jvm_heap_committed_megabytes", heap.getHeapMemoryUsage().getCommitted() / MEGABYTE);
        values.put("system/jvm_threads", (double)
                ManagementFactory.getThreadMXBean().getThreadCount());
        if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
            put(values, "system/cpu_utilization_percentage", 100 * system.getCpuLoad());
            put(values, "system/process_cpu_utilization_percentage", 100 * system.getProcessCpuLoad());
            long total = system.getTotalMemorySize();
            long used = total - system.getFreeMemorySize();
            put(values, "system/system_memory_usage_megabytes", used / MEGABYTE);
            put(values, "system/system_memory_usage_percentage", 100.0 * used / total);
        }
        put(values, "system/process_rss_megabytes", residentBytes() / MEGABYTE);
        return values;
    }

    /** Negative values are unknown: the first CPU loads, and all that this system does not tell. */
    private static void put(Map<String, Double> values, String key, double value) {
        if (value >= 0) {
            values.put(key, value);
        }
    }

    /** Of this process, the memory outside of the heap included; negative where there is no Linux. */
    private static double residentBytes() {
        try {
            for (String line : Files.readAllLines(MEMORY, StandardCharsets.UTF_8)) {
                if (line.startsWith("VmRSS:")) {
                    return 1024.0 * Long.parseLong(line.replaceAll("\\D", ""));
                }
            }
            return -1;
        } catch (IOException e) {
            return -1;
        }
    }
}
