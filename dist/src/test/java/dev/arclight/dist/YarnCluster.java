package dev.arclight.dist;

import dev.arclight.engine.JvmOptions;
import dev.arclight.testing.Await;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.exceptions.YarnException;
import org.apache.hadoop.yarn.server.MiniYARNCluster;

/**
 * Hadoop's own resource manager and one node manager, in a JVM of their own: what they start are real containers. Ends
 * with {@link #close}, or with the process that started it.
 */
final class YarnCluster implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String READY = "cluster is ready";

    private final Process process;
    private final Path folder;

    private YarnCluster(Process process, Path folder) {
        this.process = process;
        this.folder = folder;
    }

    /**
     * Starts it and waits for its node.
     *
     * @param folder empty; holds its logs, its containers and the configuration
     */
    static YarnCluster start(Path folder) throws IOException {
        Path log = folder.resolve("cluster.log");
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx512m"));
        command.addAll(JvmOptions.all());
        command.addAll(
                List.of("-cp", System.getProperty("java.class.path"), YarnCluster.class.getName(), folder.toString()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile()) // where it makes its folder "target"
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home")); // containers get it
        YarnCluster cluster = new YarnCluster(builder.start(), folder);
        try {
            Await.until("YARN is ready", PATIENCE, () -> {
                String said = read(log);
                if (!cluster.process.isAlive()) {
                    throw new AssertionError(said);
                }
                return said.contains(READY);
            });
            return cluster;
        } catch (RuntimeException | Error e) {
            cluster.close();
            throw e;
        }
    }

    /** What a client has to have in its environment. */
    Map<String, String> environment() {
        return Map.of("HADOOP_CONF_DIR", configuration(folder).toString());
    }

    /** What its containers printed: for a test that failed. */
    String logs() throws IOException {
        StringBuilder logs = new StringBuilder();
        try (var files = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) files.filter(path -> path.endsWith("stderr"))::iterator) {
                logs.append(file).append('\n').append(read(file));
            }
        }
        return logs.toString();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Path configuration(Path folder) {
        return folder.resolve("conf");
    }

    /** Ends it by the end of its input, and with force if that does not help. */
    @Override
    public void close() throws IOException {
        List<ProcessHandle> containers = process.descendants().toList();
        process.getOutputStream().close();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
        containers.forEach(ProcessHandle::destroyForcibly);
    }

    /** The cluster itself: {@code main FOLDER}; lives until its standard input ends. */
    public static void main(String[] arguments) throws IOException {
        int exit = 1;
        try {
            run(Path.of(arguments[0]));
            exit = 0;
        } catch (RuntimeException | Error | IOException e) {
            e.printStackTrace(System.out);
        } finally {
            Runtime.getRuntime().halt(exit); // one that failed to start leaves threads that never end
        }
    }

    private static void run(Path folder) throws IOException {
        YarnConfiguration configuration = new YarnConfiguration();
        configuration.set("fs.defaultFS", "file:///");
        // The capacity scheduler, which is the default, wants a file of queues.
        configuration.set(
                YarnConfiguration.RM_SCHEDULER,
                "org.apache.hadoop.yarn.server.resourcemanager.scheduler.fifo.FifoScheduler");
        configuration.setInt(YarnConfiguration.RM_SCHEDULER_MINIMUM_ALLOCATION_MB, 128);
        configuration.setInt(YarnConfiguration.YARN_MINICLUSTER_NM_PMEM_MB, 4_096);
        configuration.setInt(YarnConfiguration.NM_VCORES, 4);
        configuration.setBoolean(YarnConfiguration.NM_VMEM_CHECK_ENABLED, false);
        configuration.setFloat(YarnConfiguration.NM_MAX_PER_DISK_UTILIZATION_PERCENTAGE, 100); // not the disk's test
        try (MiniYARNCluster cluster = new MiniYARNCluster("yarn", 1, 1, 1)) {
            cluster.init(configuration);
            cluster.start();
            if (!cluster.waitForNodeManagersToConnect(PATIENCE.toMillis())) {
                throw new IOException("The node manager did not connect");
            }
            Path written = Files.createDirectories(configuration(folder));
            for (String name : List.of("core-site.xml", "yarn-site.xml")) {
                try (OutputStream out = Files.newOutputStream(written.resolve(name))) {
                    cluster.getConfig().writeXml(out);
                }
            }
            System.out.println(READY);
            while (System.in.read() >= 0) {
                // until the other side is closed
            }
        } catch (YarnException e) {
            throw new IOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
