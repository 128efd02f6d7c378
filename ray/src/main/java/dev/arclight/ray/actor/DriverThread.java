package dev.arclight.ray.actor;

import dev.arclight.ray.link.DriverInstructions;
import dev.arclight.ray.spark.DriverProcess;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** The application's thread, its files and its log. Safe for use by many threads. */
final class DriverThread {
    private static final String RUNNING = "RUNNING";
    private static final int LOG_PART = 4 << 20;
    private static final Duration KEPT = Duration.ofHours(1);
    private static final Duration STOP = Duration.ofSeconds(15);

    private final Path log;
    private final Thread thread;
    private final ExitWatch exits = new ExitWatch(this::exiting);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final ScheduledExecutorService leaving = Executors.newSingleThreadScheduledExecutor(DriverThread::daemon);
    private String state = RUNNING;
    private String detail = "";

    private DriverThread(DriverInstructions instructions, Map<String, Path> jars, Path log) {
        this.log = log;
        thread = new Thread(() -> run(instructions, jars), "main");
        thread.setContextClassLoader(DriverThread.class.getClassLoader());
    }

    /** Writes the jars, sends standard output and error and Spark's log to a file, and begins. */
    static DriverThread start(DriverInstructions instructions) throws IOException {
        Path folder = Files.createTempDirectory(instructions.job());
        Map<String, Path> jars = new LinkedHashMap<>();
        for (Map.Entry<String, byte[]> jar : instructions.jars().entrySet()) {
            jars.put(jar.getKey(), Files.write(folder.resolve(jar.getKey()), jar.getValue()));
        }
        String logs = System.getProperty("ray.logging.dir", "");
        Path log = (logs.isEmpty() || !Files.isDirectory(Path.of(logs)) ? folder : Path.of(logs))
                .resolve("arclight-%s.log".formatted(instructions.job()));
        PrintStream out = new PrintStream(new FileOutputStream(log.toFile(), true), true, StandardCharsets.UTF_8);
        System.setOut(out);
        System.setErr(out);
        DriverProcess.logTo(log);
        DriverThread driver = new DriverThread(instructions, jars, log);
        driver.exits.install();
        driver.thread.start();
        return driver;
    }

    private void run(DriverInstructions instructions, Map<String, Path> jars) {
        try {
            DriverProcess.run(instructions, jars.values());
            ends("SUCCEEDED", "");
        } catch (Throwable e) { // whatever the application throws is its end, and told
            e.printStackTrace();
            ends("FAILED", String.valueOf(e));
        }
        finish();
    }

    /** The application wants the process to end; its thread waits for that until state and log were fetched. */
    private void exiting(int code) {
        ends(code == 0 ? "SUCCEEDED" : "FAILED", code == 0 ? "" : "It called System.exit(%d)".formatted(code));
        // Not on this thread: it may hold what Spark's end waits for.
        new Thread(this::finish, "arclight-end").start();
    }

    /** Stops Spark; only then is the end told, because whoever hears of it fetches the log and ends the process. */
    private void finish() {
        ScheduledFuture<?> unused = leaving.schedule(exits::exit, KEPT.toMillis(), TimeUnit.MILLISECONDS);
        try {
            stopSpark();
        } finally {
            ended.countDown();
        }
    }

    private static void stopSpark() {
        try {
            DriverProcess.stopSpark();
        } catch (RuntimeException e) {
            System.err.println("Spark did not stop as it should, the application ends all the same: " + e);
        }
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "arclight-leave");
        thread.setDaemon(true);
        return thread;
    }

    /** The first end counts: what is thrown while Spark stops is none of the application's. */
    private synchronized void ends(String how, String why) {
        if (state.equals(RUNNING)) {
            state = how;
            detail = why;
        }
    }

    synchronized String status() {
        return ended.getCount() > 0
                ? RUNNING + "\n"
                : state + "\n" + detail.lines().findFirst().orElse("");
    }

    byte[] log(long from) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            long left = Math.max(0, file.length() - from);
            byte[] part = new byte[(int) Math.min(LOG_PART, left)];
            file.seek(Math.min(from, file.length()));
            file.readFully(part);
            return part;
        }
    }

    /** Ends Spark and interrupts {@code main}; what goes on after that ends with the process. */
    void stop() {
        ends("STOPPED", "");
        try {
            stopSpark();
            thread.interrupt();
            if (!ended.await(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
                System.err.println("The application goes on after it was told to stop, until its process ends");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            ended.countDown();
        }
    }
}
