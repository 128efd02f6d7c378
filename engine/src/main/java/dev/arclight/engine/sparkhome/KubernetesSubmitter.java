package dev.arclight.engine.sparkhome;

import dev.arclight.base.ArclightException;
import dev.arclight.base.AtomicFiles;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.progress.Progress;
import dev.arclight.engine.Master;
import dev.arclight.engine.job.DeployMode;
import dev.arclight.engine.job.JobId;
import dev.arclight.engine.job.JobRecord;
import dev.arclight.engine.job.JobRequest;
import dev.arclight.engine.job.JobStatus;
import dev.arclight.engine.job.Submitter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Drivers in pods, by the {@code spark-submit} of {@code SPARK_HOME}: settings and pod templates are made here. The
 * image ({@code spark.kubernetes.container.image}) holds Spark and our jars; jars of the application are uploaded to
 * {@code spark.kubernetes.file.upload.path}.
 */
public final class KubernetesSubmitter implements Submitter {
    private static final Duration SUBMIT = Duration.ofMinutes(2);
    private static final Duration ASK = Duration.ofSeconds(30);
    private static final Pattern PHASE = Pattern.compile("(?m)^\\s*phase:\\s*(\\w+)");

    /** What every pod gets: no rights that Spark does not need, and the job's name on it. */
    private static final String TEMPLATE = """
            apiVersion: v1
            kind: Pod
            metadata:
              labels:
                app.kubernetes.io/managed-by: arclight
                arclight.dev/job: %s
            spec:
              securityContext:
                runAsNonRoot: true
                seccompProfile:
                  type: RuntimeDefault
              containers:
                - name: %s
                  securityContext:
                    allowPrivilegeEscalation: false
                    capabilities:
                      drop: [ALL]
            """;

    private final Map<String, String> environment;

    /** For ServiceLoader. */
    public KubernetesSubmitter() {
        this(System.getenv());
    }

    KubernetesSubmitter(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public String name() {
        return "kubernetes";
    }

    @Override
    public boolean serves(Master master, DeployMode mode) {
        return mode == DeployMode.CLUSTER && master.text().startsWith("k8s://");
    }

    @Override
    public Map<String, String> submit(JobId id, JobRequest request, Progress progress) throws InterruptedException {
        SparkHome home = home(request.master());
        if (!request.spark().containsKey("spark.kubernetes.container.image")) {
            throw ArclightException.badInput(
                    "Master %s needs --conf spark.kubernetes.container.image=IMAGE: an image with"
                                    .formatted(request.master().text())
                            + " Spark and Arclight's jars");
        }
        if (!request.jars().isEmpty() && !request.spark().containsKey("spark.kubernetes.file.upload.path")) {
            throw ArclightException.badInput("Master %s: to ship %s to the pods, give --conf"
                            .formatted(
                                    request.master().text(),
                                    request.jars().get(0).getFileName())
                    + " spark.kubernetes.file.upload.path=URI, a folder that this machine and the pods can reach; or put"
                    + " the application into the image and submit its class");
        }
        progress.message("Submitting to " + request.master().text());
        try {
            // Settings may hold secrets: in a file for this user alone, not on a command line.
            Path folder = Files.createTempDirectory(
                    "arclight-submit",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            try {
                submit(home, command(folder, id, request));
            } finally {
                AtomicFiles.deleteTree(folder);
            }
        } catch (IOException e) {
            throw new ArclightException(
                    ErrorCode.UNAVAILABLE, "Cannot write what spark-submit reads: " + e.getMessage(), e);
        }
        return Map.of(
                "namespace", request.spark().getOrDefault("spark.kubernetes.namespace", "default"), "pod", id.text());
    }

    /** The arguments of {@code spark-submit}, with the files that they name written into {@code folder}. */
    static List<String> command(Path folder, JobId id, JobRequest request) throws IOException {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("spark.app.name", request.name());
        settings.put("spark.sql.adaptive.enabled", "true");
        settings.put("spark.kubernetes.submission.waitAppCompletion", "false");
        for (String role : List.of("driver", "executor")) {
            Path template = folder.resolve(role + ".yaml");
            Files.writeString(template, TEMPLATE.formatted(id.text(), "spark-kubernetes-" + role));
            settings.put("spark.kubernetes.%s.podTemplateFile".formatted(role), template.toString());
        }
        settings.putAll(request.spark());
        settings.put("spark.kubernetes.driver.pod.name", id.text()); // it is found again by this
        Path properties = folder.resolve("spark.properties");
        Files.writeString(
                properties,
                settings.entrySet().stream()
                        .map(setting -> setting.getKey() + "=" + escaped(setting.getValue()))
                        .collect(Collectors.joining("\n", "", "\n")));
        List<String> command = new ArrayList<>(List.of(
                "--master", request.master().text(),
                "--deploy-mode", "cluster",
                "--properties-file", properties.toString(),
                "--class", request.mainClass()));
        List<Path> jars = request.jars();
        if (jars.size() > 1) {
            command.add("--jars");
            command.add(jars.subList(1, jars.size()).stream()
                    .map(jar -> jar.toUri().toString())
                    .collect(Collectors.joining(",")));
        }
        command.add(jars.isEmpty() ? "spark-internal" : jars.get(0).toUri().toString());
        command.addAll(request.arguments());
        return command;
    }

    /** As a file of Java properties writes a value: one with a line end must not become two settings. */
    static String escaped(String value) {
        String text = value.replace("\\", "\\\\")
                .replace("\n", "\\n")
                .replace("\r", "\\r")
                .replace("\t", "\\t");
        return text.startsWith(" ") ? "\\" + text : text;
    }

    private void submit(SparkHome home, List<String> arguments) throws InterruptedException {
        Said said = run(home, SUBMIT, arguments);
        if (said.exit() != 0) {
            throw new ArclightException(ErrorCode.UNAVAILABLE, "spark-submit did not submit: " + said.reason());
        }
    }

    @Override
    public JobStatus status(JobRecord job) {
        try {
            Said said = ask(job, "--status");
            Matcher phase = PHASE.matcher(said.text());
            if (!phase.find()) {
                return said.text().contains("No applications found") || said.exit() == 0
                        ? new JobStatus(JobStatus.State.LOST, "its pod is gone")
                        : unreachable(job, said);
            }
            JobStatus.State state = switch (phase.group(1)) {
                case "Pending" -> JobStatus.State.PENDING;
                case "Succeeded" -> JobStatus.State.SUCCEEDED;
                case "Failed" -> JobStatus.State.FAILED;
                default -> JobStatus.State.RUNNING;
            };
            return new JobStatus(state, "pod " + where(job));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ArclightException(ErrorCode.CANCELLED, "Interrupted while asking for pod " + where(job), e);
        }
    }

    private static JobStatus unreachable(JobRecord job, Said said) {
        throw new ArclightException(
                ErrorCode.UNAVAILABLE,
                "%s does not answer for pod %s: %s".formatted(job.master().text(), where(job), said.reason()));
    }

    /** The pod keeps it: said instead of copied. */
    @Override
    public long log(JobRecord job, long from, OutputStream to) throws IOException {
        byte[] hint = "The log is the pod's: kubectl logs -n %s %s%n"
                .formatted(job.handle().get("namespace"), job.handle().get("pod"))
                .getBytes(java.nio.charset.StandardCharsets.UTF_8);
        if (from < hint.length) {
            to.write(hint, (int) from, hint.length - (int) from);
        }
        return hint.length;
    }

    @Override
    public void stop(JobRecord job) throws InterruptedException {
        Said said = ask(job, "--kill");
        if (said.exit() != 0) {
            unreachable(job, said);
        }
    }

    private Said ask(JobRecord job, String what) throws InterruptedException {
        return run(
                home(job.master()),
                ASK,
                List.of(what, where(job), "--master", job.master().text()));
    }

    private static String where(JobRecord job) {
        return job.handle().get("namespace") + ":" + job.handle().get("pod");
    }

    private SparkHome home(Master master) {
        String why = "Master " + master.text();
        return SparkHome.find(environment, why).requireModule("spark-kubernetes", why);
    }

    private record Said(int exit, String text) {
        /** Its last line that says something. */
        String reason() {
            Optional<String> failure = text.lines()
                    .filter(line -> line.contains("Exception") || line.contains("Error"))
                    .findFirst();
            return failure.or(() -> text.lines().filter(line -> !line.isBlank()).reduce((a, b) -> b))
                    .orElse("it said nothing")
                    .strip();
        }
    }

    private Said run(SparkHome home, Duration patience, List<String> arguments) throws InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(home.folder().resolve("bin/spark-submit").toString());
        command.addAll(arguments);
        try {
            Path output = Files.createTempFile("arclight-submit", ".log");
            try {
                ProcessBuilder builder =
                        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
                builder.environment().putAll(environment);
                Process process = builder.start();
                try {
                    if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                        throw new ArclightException(
                                ErrorCode.TIMEOUT,
                                "spark-submit %s is not done after %d s"
                                        .formatted(arguments.get(0), patience.toSeconds()));
                    }
                    return new Said(process.exitValue(), Files.readString(output));
                } finally { // also where Ctrl-C comes: what it reads is deleted next
                    process.descendants().forEach(ProcessHandle::destroyForcibly);
                    process.destroyForcibly();
                }
            } finally {
                Files.deleteIfExists(output);
            }
        } catch (IOException e) {
            throw new ArclightException(
                    ErrorCode.UNAVAILABLE, "Cannot run %s: %s".formatted(command.get(0), e.getMessage()), e);
        }
    }
}
