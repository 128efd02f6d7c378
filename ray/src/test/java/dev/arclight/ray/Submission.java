package dev.arclight.ray;

import dev.arclight.base.ArclightException;
import dev.arclight.base.progress.Progress;
import dev.arclight.engine.Master;
import dev.arclight.engine.job.DeployMode;
import dev.arclight.engine.job.JobRequest;
import dev.arclight.engine.job.JobStatus;
import dev.arclight.engine.job.Jobs;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code arclight submit} and {@code arclight job} without the command line's program, for tests. */
final class Submission {
    private Submission() {}

    public static void main(String[] arguments) throws Exception {
        PrintStream out = System.out;
        Jobs jobs = Jobs.open(System.getenv());
        try {
            switch (arguments[0]) {
                case "submit" -> {
                    List<String> rest = Arrays.asList(arguments).subList(4, arguments.length);
                    String jar = arguments[3];
                    JobRequest request = new JobRequest(
                            "words",
                            Master.of(arguments[1]),
                            DeployMode.valueOf(arguments[2].toUpperCase(Locale.ROOT)),
                            Path.of(jar).getFileName().toString().replace(".jar", ""), // as ApplicationJar names them
                            List.of(Path.of(jar)),
                            rest,
                            Map.of("spark.executor.instances", "1", "spark.executor.memory", "600m"));
                    out.println("SUBMITTED "
                            + jobs.submit(request, Progress.onStandardError()).id());
                }
                case "status" -> {
                    JobStatus status = jobs.status(jobs.find("last"));
                    out.println("STATUS " + status.state() + " " + status.detail());
                }
                case "logs" -> jobs.log(jobs.find("last"), out, arguments.length > 1);
                case "stop" ->
                    out.println("STATUS " + jobs.stop(jobs.find("last")).state());
                default -> throw new IllegalArgumentException(arguments[0]);
            }
        } catch (ArclightException e) {
            out.println("REFUSED " + e.code() + " " + e.getMessage());
        }
    }
}
