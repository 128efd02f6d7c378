package dev.arclight.azure.submit;

import dev.arclight.base.Settings;
import dev.arclight.engine.Master;
import dev.arclight.engine.job.DeployMode;
import dev.arclight.engine.job.JobId;
import dev.arclight.engine.job.JobRecord;
import dev.arclight.engine.job.JobRequest;
import dev.arclight.engine.job.Submitter;
import dev.arclight.testing.ArmStandIn;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Requests and records of the tests here. */
final class Submission {
    static final JobId ID = new JobId("job-20260101-000000-abcd");
    static final ArmStandIn.Workspace WORKSPACE = new ArmStandIn.Workspace("1111", "rg-one", "ws-one");

    private Submission() {}

    /** A request; {@code settings} are key, value, key, value. */
    static JobRequest request(String master, List<Path> jars, Map<String, String> spark, String... settings) {
        Settings all = Settings.empty();
        for (int i = 0; i < settings.length; i += 2) {
            all = all.with(settings[i], new Settings.Value(settings[i + 1], "test"));
        }
        return new JobRequest(
                "trips",
                Master.of(master),
                DeployMode.CLUSTER,
                "com.example.Trips",
                jars,
                List.of("--month", "1 2"),
                spark,
                all);
    }

    /** Spark's settings that lead to the stand-in. */
    static Map<String, String> spark(ArmStandIn arm, Map<String, String> further) {
        Map<String, String> spark = new TreeMap<>();
        arm.settings().forEach((key, value) -> spark.put("spark.hadoop." + key, value));
        WORKSPACE.settings().forEach((key, value) -> spark.put("spark.hadoop." + key, value));
        further.forEach((key, value) -> spark.put("spark.hadoop." + key, value));
        return spark;
    }

    static JobRecord record(Submitter submitter, JobRequest request, Map<String, String> handle) {
        return new JobRecord(
                ID,
                request.name(),
                request.master(),
                DeployMode.CLUSTER,
                Instant.now(),
                submitter.name(),
                handle,
                Optional.empty());
    }

    /** A compute cluster, in the fields of {@code Compute/get/AmlCompute}. */
    static void cluster(ArmStandIn arm, String name, int most) {
        arm.put(
                WORKSPACE,
                "computes/" + name,
                name,
                Map.of(
                        "computeType",
                        "AmlCompute",
                        "provisioningState",
                        "Succeeded",
                        "properties",
                        Map.of(
                                "vmSize",
                                "STANDARD_D4S_V3",
                                "scaleSettings",
                                Map.of(
                                        "maxNodeCount",
                                        most,
                                        "minNodeCount",
                                        0,
                                        "nodeIdleTimeBeforeScaleDown",
                                        "PT5M"))));
    }
}
