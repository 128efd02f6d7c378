package dev.arclight.engine.sparkhome;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.arclight.base.ArclightException;
import dev.arclight.base.progress.Progress;
import dev.arclight.engine.Master;
import dev.arclight.engine.job.DeployMode;
import dev.arclight.engine.job.JobId;
import dev.arclight.engine.job.JobRecord;
import dev.arclight.engine.job.JobRequest;
import dev.arclight.engine.job.JobStatus;
import dev.arclight.testing.PythonEnvironment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Spark's own Kubernetes client (of the PyPI wheel) against an API that keeps what it is sent. No pod ever runs. */
@Tag("full")
final class KubernetesSubmitterIT {
    private static final JobId ID = new JobId("job-20260101-000000-abcd");

    private static JobRequest request(String master, Map<String, String> spark, List<Path> jars) {
        return new JobRequest(
                "trips",
                Master.of(master),
                DeployMode.CLUSTER,
                "com.example.Trips",
                jars,
                List.of("--month", "1"),
                spark);
    }

    @Test
    void aDriverPodIsAskedForAndFoundAgain() throws Exception {
        String home = PythonEnvironment.open("ray-pyspark")
                .run(Duration.ofMinutes(1), "-c", "import os, pyspark; print(os.path.dirname(pyspark.__file__))")
                .strip();
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.put("SPARK_HOME", home);
        KubernetesSubmitter submitter = new KubernetesSubmitter(environment);
        try (KubernetesApi api = KubernetesApi.start()) {
            Map<String, String> spark = Map.of(
                    "spark.kubernetes.container.image", "registry.example/arclight:1",
                    "spark.kubernetes.namespace", "batch",
                    "spark.kubernetes.authenticate.driver.serviceAccountName", "spark",
                    "spark.executor.instances", "3");
            Map<String, String> handle = submitter.submit(ID, request(api.master(), spark, List.of()), Progress.NONE);
            assertThat(handle).isEqualTo(Map.of("namespace", "batch", "pod", ID.text()));

            JsonNode pod = api.pod("batch", ID.text()).orElseThrow();
            JsonNode driver = pod.at("/spec/containers/0");
            assertThat(pod.at("/metadata/labels/arclight.dev~1job").asText()).isEqualTo(ID.text());
            assertThat(pod.at("/metadata/labels/spark-role").asText()).isEqualTo("driver");
            assertThat(pod.at("/spec/securityContext/runAsNonRoot").asBoolean()).isTrue();
            assertThat(pod.at("/spec/serviceAccountName").asText()).isEqualTo("spark");
            assertThat(driver.at("/image").asText()).isEqualTo("registry.example/arclight:1");
            assertThat(driver.at("/securityContext/allowPrivilegeEscalation").asBoolean(true))
                    .isFalse();
            assertThat(driver.at("/args").toString())
                    .contains("com.example.Trips")
                    .contains("\"--month\",\"1\"");
            assertThat(api.all("configmaps"))
                    .contains("spark.executor.instances=3")
                    .contains("spark-kubernetes-executor"); // the executors' template, which the driver will use

            JobRecord job = new JobRecord(
                    ID,
                    "trips",
                    Master.of(api.master()),
                    DeployMode.CLUSTER,
                    Instant.now(),
                    submitter.name(),
                    handle,
                    Optional.empty());
            assertThat(submitter.status(job).state()).isEqualTo(JobStatus.State.PENDING);
            api.phase("batch", ID.text(), "Failed");
            assertThat(submitter.status(job).state()).isEqualTo(JobStatus.State.FAILED);
            submitter.stop(job);
            assertThat(api.pod("batch", ID.text())).isEmpty();
            assertThat(submitter.status(job).state()).isEqualTo(JobStatus.State.LOST);
        }
    }

    @Test
    void whatIsMissingIsOneSentence(@TempDir Path folder) throws Exception {
        Path jars = Files.createDirectory(folder.resolve("jars"));
        String version = org.apache.spark.SparkBuildInfo.spark_version();
        Files.createFile(jars.resolve("spark-core_2.13-%s.jar".formatted(version)));
        Files.createFile(jars.resolve("spark-kubernetes_2.13-%s.jar".formatted(version)));
        KubernetesSubmitter submitter = new KubernetesSubmitter(Map.of("SPARK_HOME", folder.toString()));
        assertThatThrownBy(
                        () -> submitter.submit(ID, request("k8s://https://h:6443", Map.of(), List.of()), Progress.NONE))
                .isInstanceOf(ArclightException.class)
                .hasMessageContaining("needs --conf spark.kubernetes.container.image=IMAGE");
        Path jar = Files.createFile(folder.resolve("trips.jar"));
        assertThatThrownBy(() -> submitter.submit(
                        ID,
                        request("k8s://https://h:6443", Map.of("spark.kubernetes.container.image", "i"), List.of(jar)),
                        Progress.NONE))
                .isInstanceOf(ArclightException.class)
                .hasMessageContaining("spark.kubernetes.file.upload.path=URI");
    }
}
