package dev.arclight.ray.spark;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.arclight.ray.link.ExecutorInstructions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.executor.CoarseGrainedExecutorBackend;

/** Spark's executor in this JVM. Runs on the worker only. */
public final class ExecutorProcess {
    /** Loaded while the driver still starts: what the executor touches first, and what tasks touch first. */
    private static final List<String> FIRST = List.of(
            "org.apache.spark.SparkConf",
            "org.apache.spark.deploy.SparkHadoopUtil",
            "org.apache.spark.executor.CoarseGrainedExecutorBackend",
            "org.apache.spark.rpc.netty.NettyRpcEnv",
            "org.apache.spark.network.netty.NettyBlockTransferService",
            "org.apache.spark.SparkEnv",
            "org.apache.spark.storage.BlockManager",
            "org.apache.spark.shuffle.sort.SortShuffleManager",
            "org.apache.spark.executor.Executor",
            "org.apache.spark.scheduler.ShuffleMapTask",
            "org.apache.spark.sql.execution.WholeStageCodegenExec",
            "org.codehaus.janino.ClassBodyEvaluator");

    private ExecutorProcess() {}

    /** Loads classes; harmless and without effect otherwise. */
    public static void warmUp() {
        for (String name : FIRST) {
            try {
                Class.forName(name, true, ExecutorProcess.class.getClassLoader());
            } catch (ClassNotFoundException | LinkageError e) {
                return; // a class path without it says so, better, when the executor starts
            }
        }
    }

    /** Runs the executor; ends the process when it ends, as Spark's own executors do. */
    public static void run(ExecutorInstructions instructions) {
        instructions.settings().forEach(System::setProperty);
        List<String> arguments = new ArrayList<>(List.of(
                "--driver-url", instructions.driverUrl(),
                "--executor-id", instructions.executorId(),
                "--bind-address", System.getProperty("ray.node-ip", "0.0.0.0"),
                "--hostname", System.getProperty("ray.node-ip", "localhost"),
                "--cores", String.valueOf(instructions.cores()),
                "--app-id", instructions.applicationId(),
                "--resourceProfileId", String.valueOf(instructions.resourceProfile())));
        if (!instructions.resources().isEmpty()) {
            arguments.add("--resourcesFile");
            arguments.add(allocation(instructions.resources()).toString());
        }
        CoarseGrainedExecutorBackend.main(arguments.toArray(String[]::new));
    }

    /** The file by which Spark's executors learn which devices are theirs. */
    private static Path allocation(Map<String, List<String>> resources) {
        List<Map<String, Object>> allocations = new ArrayList<>();
        resources.forEach((name, addresses) -> allocations.add(
                Map.of("id", Map.of("componentName", "spark.executor", "resourceName", name), "addresses", addresses)));
        try {
            Path file = Files.createTempFile("arclight-executor", ".json");
            file.toFile().deleteOnExit();
            Files.write(file, new ObjectMapper().writeValueAsBytes(allocations));
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write the executor's resources", e);
        }
    }
}
