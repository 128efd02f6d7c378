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

/** The application's thread, its files and its log. Safe for use by many threads. */
final class DriverThread {
    private static final int LOG_PART = 4 << 20;
    private static final Duration KEPT = Duration.ofHours(1);
    private static final Duration STOP = Duration.ofSeconds(15);

    private final Path log;
    private final Thread thread;
    private String state = "RUNNING";
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
        driver.thread.start();
        return driver;
    }

    private void run(DriverInstructions instructions, Map<String, Path> jars) {
        try {
            DriverProcess.run(instructions, jars.values());
            end("SUCCEEDED", "");
        } catch (Throwable e) { // whatever the application throws is its end, and told
            e.printStackTrace();
            end("FAILED", String.valueOf(e));
        } finally {
            DriverProcess.stopSpark();
        }
        Thread leave = new Thread(
                () -> {
                    try {
                        Thread.sleep(KEPT.toMillis());
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    System.exit(0);
                },
                "arclight-leave");
        leave.setDaemon(true);
        leave.start();
    }

    private synchronized void end(String how, String why) {
        if (state.equals("RUNNING")) {
            state = how;
            detail = why;
        }
    }

    synchronized String status() {
        return state + "\n" + detail.lines().findFirst().orElse("");
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
        end("STOPPED", "");
        DriverProcess.stopSpark();
        thread.interrupt();
        try {
            thread.join(STOP.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
