package dev.arclight.azure.submit;

import dev.arclight.base.ArclightException;
import dev.arclight.base.Setting;
import dev.arclight.base.Settings;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;

/** What {@code --master aml} and {@code aml-serverless} are told by {@code --conf arclight.aml-...=...}. */
public final class AmlSettings implements Setting.Catalog {
    static final Setting COMPUTE =
            new Setting("arclight.aml-compute", "", "Azure ML: name of the compute cluster that --master aml runs on");
    static final Setting NODES = new Setting("arclight.aml-nodes", "2", "Azure ML: nodes of the Ray cluster");
    static final Setting DISTRIBUTION = new Setting(
            "arclight.aml-distribution", "mpi", "Azure ML: mpi, or ray (experimental: Azure ML starts Ray itself)");
    static final Setting ENVIRONMENT = new Setting(
            "arclight.aml-environment", "", "Azure ML: NAME:VERSION of an environment to use instead of ours");
    static final Setting BASE_IMAGE = new Setting(
            "arclight.aml-base-image",
            "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:latest",
            "Azure ML: image that the environment is built on; needs MPI and conda");
    static final Setting RAY = new Setting("arclight.aml-ray", "2.60.0", "Azure ML: version of Ray in the environment");
    static final Setting EXPERIMENT = new Setting("arclight.aml-experiment", "arclight", "Azure ML: experiment");
    static final Setting DATASTORE = new Setting(
            "arclight.aml-datastore", "", "Azure ML: datastore that takes what is shipped (default: the workspace's)");
    static final Setting HEAD_TIMEOUT = new Setting(
            "arclight.aml-head-timeout", "PT10M", "Azure ML: how long the nodes wait for one another (ISO 8601)");
    static final Setting TIME_LIMIT =
            new Setting("arclight.aml-time-limit", "", "Azure ML: after how long a job is cancelled (ISO 8601)");
    static final Setting SHARED_MEMORY =
            new Setting("arclight.aml-shared-memory", "8g", "Azure ML: shared memory of a node, for Ray's objects");
    static final Setting FILES = new Setting(
            "arclight.aml-files", "", "Azure ML: local folder that gets a copy of the YAML files, for 'az ml'");
    static final Setting RELEASE = new Setting(
            "arclight.aml-release", "", "Azure ML: folder of the release to ship (default: the one that runs)");
    static final Setting INSTANCE_TYPE = new Setting(
            "arclight.aml-instance-type", "standard_e4s_v3", "Azure ML serverless Spark: size of the machines");
    static final Setting RUNTIME =
            new Setting("arclight.aml-spark-runtime", "3.5", "Azure ML serverless Spark: its Spark");

    @Override
    public List<Setting> settings() {
        return List.of(
                COMPUTE,
                NODES,
                DISTRIBUTION,
                ENVIRONMENT,
                BASE_IMAGE,
                RAY,
                EXPERIMENT,
                DATASTORE,
                HEAD_TIMEOUT,
                TIME_LIMIT,
                SHARED_MEMORY,
                FILES,
                RELEASE,
                INSTANCE_TYPE,
                RUNTIME);
    }

    /**
     * What a job on a compute cluster is like.
     *
     * @param compute name of the cluster
     * @param nodes at least 1
     * @param rayByAzure whether Azure ML starts Ray, rather than our script under MPI
     * @param headTimeout how long nodes wait for one another
     * @param timeLimit of the whole job
     * @param sharedMemory as Docker takes it
     */
    record Cluster(
            String compute,
            int nodes,
            boolean rayByAzure,
            String experiment,
            Duration headTimeout,
            Optional<Duration> timeLimit,
            String sharedMemory) {
        /** @throws ArclightException BAD_INPUT, naming the setting */
        static Cluster of(Settings settings) {
            String compute = settings.text(COMPUTE);
            if (compute.isBlank()) {
                throw ArclightException.badInput(
                        "Master 'aml' needs --conf %s=NAME: the compute cluster of the workspace to run on"
                                .formatted(COMPUTE.key()));
            }
            String nodes = settings.text(NODES);
            if (!nodes.matches("[1-9]\\d{0,3}")) {
                throw refused(NODES, nodes, "1 to 9999");
            }
            String distribution = settings.text(DISTRIBUTION);
            if (!List.of("mpi", "ray").contains(distribution)) {
                throw refused(DISTRIBUTION, distribution, "mpi or ray");
            }
            String shared = settings.text(SHARED_MEMORY);
            if (!shared.matches("[1-9]\\d{0,9}[bkmgBKMG]")) {
                throw refused(SHARED_MEMORY, shared, "a size such as 8g");
            }
            return new Cluster(
                    compute,
                    Integer.parseInt(nodes),
                    distribution.equals("ray"),
                    settings.text(EXPERIMENT),
                    duration(HEAD_TIMEOUT, settings.text(HEAD_TIMEOUT)),
                    Optional.of(settings.text(TIME_LIMIT))
                            .filter(text -> !text.isBlank())
                            .map(text -> duration(TIME_LIMIT, text)),
                    shared);
        }
    }

    private static Duration duration(Setting setting, String text) {
        try {
            Duration parsed = Duration.parse(text);
            if (parsed.toSeconds() < 1) {
                throw refused(setting, text, "at least a second");
            }
            return parsed;
        } catch (DateTimeParseException e) {
            throw refused(setting, text, "an ISO 8601 duration such as PT10M or PT8H");
        }
    }

    static ArclightException refused(Setting setting, String seen, String expected) {
        return ArclightException.badInput("%s is '%s', expected %s".formatted(setting.key(), seen, expected));
    }
}
