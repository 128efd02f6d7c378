package dev.arclight.dist;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.arclight.testing.ArmStandIn;
import dev.arclight.testing.Azurite;
import dev.arclight.testing.PythonEnvironment;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code arclight submit --master aml} from the laptop to the end of the job, on one machine: Resource Manager is a
 * stand-in, the storage Microsoft's emulator, and the two nodes of the cluster are two processes that run the command
 * of the job that was submitted, with the variables of an MPI job. Ray, Spark, the release and the demo are the real
 * ones.
 */
@Tag("unproven")
final class AmlRehearsalIT {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int RANKS = 2;
    private static final ArmStandIn.Workspace WORKSPACE = new ArmStandIn.Workspace("1111", "rg-one", "ws-one");

    @TempDir
    private Path folder;

    @Test
    void theWineDemoRunsOnTheClusterThatTheJobMakes() throws Exception {
        try (Azurite azurite = Azurite.start("lakeone");
                ArmStandIn arm = ArmStandIn.start(folder)) {
            arm.blobDatastore(WORKSPACE, "workspaceblobstore", "lakeone", "files");
            arm.put(WORKSPACE, "environments/arclight/versions/1", "1", Map.of("image", "example/arclight:1"));
            arm.put(
                    WORKSPACE,
                    "computes/cpu",
                    "cpu",
                    Map.of(
                            "computeType",
                            "AmlCompute",
                            "properties",
                            Map.of("scaleSettings", Map.of("maxNodeCount", RANKS))));
            Launcher laptop = Launcher.ofThisBuild()
                    .with(Map.of(
                            "XDG_DATA_HOME", folder.resolve("data").toString(),
                            "XDG_STATE_HOME", folder.resolve("state").toString(),
                            "ARCLIGHT_NO_ARCHIVE", "1"));
            laptop.output(PATIENCE, "install", "azure");
            Map<String, String> hadoop = new HashMap<>(azurite.settings());
            hadoop.putAll(arm.settings());
            hadoop.putAll(WORKSPACE.settings());

            String id = submit(laptop, hadoop);
            JsonNode job =
                    arm.writes().find(WORKSPACE, "jobs/" + id).orElseThrow().path("properties");
            Path input = folder.resolve("input");
            List<Object> copy = new ArrayList<>(List.of("fs", "cp", "-r"));
            hadoop.forEach((key, value) -> copy.addAll(List.of("--conf", key + "=" + value)));
            copy.addAll(List.of(job.at("/inputs/job/uri").asText(), input));
            laptop.output(PATIENCE, copy.toArray());
            arm.writes().status(WORKSPACE, id, "Running");
            assertThat(laptop.output(PATIENCE, "job", "status", "last")).contains("running, Running");

            List<Integer> codes = runOn(job, input);
            String log = Files.readString(folder.resolve("rank-0.log"));
            arm.writes().log(id, log);
            arm.writes().status(WORKSPACE, id, "Completed");
            assertThat(codes).as(log).containsExactly(0, 0);
            assertThat(log)
                    .contains("rank 1 has joined")
                    .contains("Start Spark on ray")
                    .contains("champion")
                    .doesNotContain(Files.readString(input.resolve("ray-token")).strip());
            assertThat(folder.resolve("rank-0/outputs/report.html")).isNotEmptyFile();

            assertThat(laptop.output(PATIENCE, "job", "status", "last")).contains("succeeded");
            assertThat(laptop.output(PATIENCE, "job", "logs", "last")).isEqualTo(log);
        }
    }

    private static String submit(Launcher laptop, Map<String, String> hadoop) {
        List<Object> submit = new ArrayList<>(List.of("submit", "--master", "aml"));
        Map<String, String> settings = new HashMap<>(Map.of(
                "arclight.aml-compute", "cpu",
                "arclight.aml-nodes", String.valueOf(RANKS),
                "arclight.aml-environment", "arclight:1",
                "arclight.aml-head-timeout", "PT3M",
                "spark.executor.instances", String.valueOf(RANKS),
                "spark.executor.cores", "1",
                "spark.executor.memory", "600m"));
        hadoop.forEach((key, value) -> settings.put("spark.hadoop." + key, value));
        settings.forEach((key, value) -> submit.addAll(List.of("--conf", key + "=" + value)));
        submit.addAll(List.of(
                "dev.arclight.cli.Main", "demo", "wine", "--master", "ray", "--evals", "2", "--out", "outputs"));
        return laptop.output(PATIENCE, submit.toArray()).strip();
    }

    /** What Azure ML does: the job's command, once a node, with its input and its variables. */
    private List<Integer> runOn(JsonNode job, Path input) throws IOException, InterruptedException {
        String python = PythonEnvironment.open("ray-newest").python().toString();
        List<String> command = new ArrayList<>();
        for (String word : job.path("command").asText().split(" ", -1)) {
            command.add(word.replace("/opt/arclight-python/bin/python", python)
                    .replace("${{inputs.job}}", input.toString()));
        }
        Map<String, String> variables = new HashMap<>(Map.of(
                "OMPI_COMM_WORLD_SIZE", String.valueOf(RANKS),
                "AZ_BATCHAI_MPI_MASTER_NODE", "127.0.0.1",
                "ARCLIGHT_AML_PORT", String.valueOf(freePort()),
                "ARCLIGHT_AML_CONTROL_PORT", String.valueOf(freePort()),
                "ARCLIGHT_AML_CPUS", "2",
                "ARCLIGHT_HOME", Launcher.path().resolve("../..").normalize().toString()));
        job.path("environmentVariables")
                .properties()
                .forEach(one -> variables.put(one.getKey(), one.getValue().asText()));
        List<Process> ranks = new ArrayList<>();
        try {
            for (int rank = RANKS - 1; rank >= 0; rank--) { // the head is the last: the others wait
                Path work = Files.createDirectories(folder.resolve("rank-" + rank));
                ProcessBuilder builder = new ProcessBuilder(command)
                        .directory(work.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(
                                folder.resolve("rank-%d.log".formatted(rank)).toFile());
                builder.environment().putAll(variables);
                builder.environment().put("OMPI_COMM_WORLD_RANK", String.valueOf(rank));
                ranks.add(0, builder.start());
            }
            List<Integer> codes = new ArrayList<>();
            for (Process rank : ranks) {
                assertThat(rank.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS))
                        .as("it ends: " + Files.readString(folder.resolve("rank-0.log")))
                        .isTrue();
                codes.add(rank.exitValue());
            }
            return codes;
        } finally {
            ranks.forEach(rank -> {
                rank.descendants().forEach(ProcessHandle::destroyForcibly);
                rank.destroyForcibly();
            });
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
