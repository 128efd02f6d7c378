package dev.arclight.databricks.job;

import static dev.arclight.base.ArclightException.badInput;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.arclight.base.Setting;
import dev.arclight.engine.job.JobId;
import dev.arclight.engine.job.JobRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The message of {@code /api/2.2/jobs/runs/submit}, checked before anything is sent.
 *
 * @param staging folder for the jars, such as {@code /Volumes/main/default/jobs} or {@code dbfs:/jobs}
 */
record RunRequest(JobId id, JobRequest job, String staging) {
    private static final Pattern SECRET =
            Pattern.compile("(?i)secret|password|passphrase|token|access[.-]?key|account[.-]?key|private[.-]?key");
    /** Databricks puts the secret of a scope in its place, on the cluster. */
    private static final Pattern REFERENCE = Pattern.compile("\\{\\{secrets/[^/{}]+/[^/{}]+}}");

    static RunRequest of(JobId id, JobRequest job) {
        if (job.jars().isEmpty()) {
            throw badInput(
                    "Master 'databricks' has no class path of Arclight's: submit a jar that holds the application and"
                            + " what it uses");
        }
        String staging = required(job, DatabricksSettings.STAGING, "/Volumes/CATALOG/SCHEMA/VOLUME/PATH")
                .replaceAll("/+$", "")
                .replaceFirst("^dbfs:/Volumes/", "/Volumes/");
        if (!staging.matches("/Volumes/[^/]+/[^/]+/[^/]+(/.+)?|dbfs:/[^/].*")) {
            throw badInput("%s is '%s', expected /Volumes/CATALOG/SCHEMA/VOLUME/PATH or dbfs:/PATH"
                    .formatted(DatabricksSettings.STAGING.key(), staging));
        }
        RunRequest request = new RunRequest(id, job, staging + "/" + id);
        request.checkSpark();
        request.cluster(JsonNodeFactory.instance.objectNode());
        return request;
    }

    private void checkSpark() {
        job.spark().forEach((key, value) -> {
            if (SECRET.matcher(key).find() && !REFERENCE.matcher(value).matches()) {
                throw badInput(
                        ("%s looks like a secret, and Databricks shows a cluster's settings: put it into a secret"
                                        + " scope and give --conf %s={{secrets/SCOPE/KEY}}")
                                .formatted(key, key));
            }
        });
        if (!existingCluster().isEmpty() && !job.spark().isEmpty()) {
            throw badInput(
                    "%s cannot be set for a run on a cluster that stands: set it on the cluster %s, or leave %s out to"
                                    .formatted(
                                            job.spark().keySet().iterator().next(),
                                            existingCluster(),
                                            DatabricksSettings.CLUSTER.key())
                            + " get a cluster of the job's own");
        }
    }

    String existingCluster() {
        return job.settings().text(DatabricksSettings.CLUSTER).strip();
    }

    /** For people, and to find the run again. */
    String runName() {
        return "%s (%s)".formatted(job.name(), id);
    }

    /** @param libraries the staged jars */
    ObjectNode body(List<String> libraries) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("run_name", runName()).put("idempotency_token", id.text());
        ObjectNode task = body.putArray("tasks").addObject().put("task_key", "main");
        ObjectNode spark = task.putObject("spark_jar_task").put("main_class_name", job.mainClass());
        job.arguments().forEach(spark.putArray("parameters")::add);
        libraries.forEach(jar -> task.withArray("/libraries").addObject().put("jar", jar));
        cluster(task);
        return body;
    }

    private void cluster(ObjectNode task) {
        if (!existingCluster().isEmpty()) {
            task.put("existing_cluster_id", existingCluster());
            return;
        }
        String workers = job.settings().text(DatabricksSettings.WORKERS).strip();
        if (!workers.matches("\\d{1,5}")) {
            throw badInput(
                    "%s is '%s', expected a number, at least 0".formatted(DatabricksSettings.WORKERS.key(), workers));
        }
        ObjectNode cluster = task.putObject("new_cluster")
                .put("spark_version", required(job, DatabricksSettings.VERSION, "18.0.x-scala2.13"))
                .put("node_type_id", required(job, DatabricksSettings.NODE, "TYPE"))
                .put("num_workers", Integer.parseInt(workers));
        Map<String, String> spark = new LinkedHashMap<>();
        if (workers.matches("0+")) {
            spark.put("spark.databricks.cluster.profile", "singleNode");
            spark.put("spark.master", "local[*]");
            cluster.putObject("custom_tags").put("ResourceClass", "SingleNode");
        }
        spark.putAll(job.spark());
        if (!spark.isEmpty()) {
            spark.forEach(cluster.putObject("spark_conf")::put);
        }
    }

    private static String required(JobRequest job, Setting setting, String example) {
        String text = job.settings().text(setting).strip();
        if (text.isEmpty()) {
            throw badInput("Master 'databricks' needs --conf %s=%s, or the same in arclight.properties"
                            .formatted(setting.key(), example)
                    + (setting.equals(DatabricksSettings.STAGING)
                            ? ""
                            : "; or name a cluster that stands by %s".formatted(DatabricksSettings.CLUSTER.key())));
        }
        return text;
    }
}
