package dev.arclight.engine.job;

import dev.arclight.base.ArclightException;
import dev.arclight.base.Settings;
import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import dev.arclight.engine.EngineSettings;
import dev.arclight.engine.Master;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code arclight submit}. */
@Command(
        name = "submit",
        description = {
            "Run an application on the engine that --master names. Options stand before the application; what follows"
                    + " it are its own arguments.",
            ""
        },
        sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class SubmitCommand implements ArclightCommand {
    @Option(
            names = "--master",
            paramLabel = "M",
            description = "Spark engine: local[N], spark://HOST:PORT, yarn, k8s://URL, ray, ray:HOST:PORT, ray:local;"
                    + " or a cloud's service: aml, aml-serverless, synapse, dataproc, dataproc-serverless, databricks"
                    + " (default: local[*]).")
    private Optional<String> master = Optional.empty();

    @Option(
            names = "--deploy-mode",
            paramLabel = "MODE",
            description = "client: the driver runs here; cluster: on the cluster, and outlives this command (default:"
                    + " client; a cloud's service knows only cluster).")
    private Optional<DeployMode> deployMode = Optional.empty();

    @Option(names = "--class", paramLabel = "CLASS", description = "Main class (default: the jar's Main-Class).")
    private Optional<String> mainClass = Optional.empty();

    @Option(
            names = "--jars",
            paramLabel = "JAR",
            split = ",",
            description = "Further jars of the application, separated by commas.")
    private List<Path> jars = List.of();

    @Option(names = "--name", paramLabel = "NAME", description = "Name of the application (default: its main class).")
    private Optional<String> name = Optional.empty();

    @Option(
            names = "--conf",
            paramLabel = "KEY=VALUE",
            description = "One of Spark's settings, or one of Arclight's for a cloud's service, such as"
                    + " arclight.aml-compute=cpu-cluster; may be repeated.")
    private Map<String, String> conf = new LinkedHashMap<>();

    @Option(names = "--follow", description = "In deploy mode cluster: show its log and wait for its end.")
    private boolean follow;

    @Parameters(index = "0", paramLabel = "APPLICATION", description = "A jar, or a class of Arclight's class path.")
    private String application;

    @Parameters(index = "1..*", paramLabel = "ARGUMENT", description = "For the application.")
    private List<String> arguments = List.of();

    private CommandSpec spec;

    @Spec
    void spec(CommandSpec given) {
        spec = given;
        spec.parser()
                .stopAtPositional(true); // what follows the application is its own, even if it begins with a hyphen
    }

    @Override
    public int run(CommandContext context) throws Exception {
        JobRequest request = request(context);
        Jobs jobs = Jobs.open(System.getenv());
        JobRecord job = jobs.submit(request, context.progress());
        if (request.mode() == DeployMode.CLIENT) {
            return 0;
        }
        context.out().println(job.id());
        context.out().flush();
        if (!follow) {
            context.err()
                    .printf(
                            "%s was submitted as %s%nSee it: arclight job status %s%nIts log: arclight job logs -f %s%n",
                            request.name(), job.id(), job.id(), job.id());
            return 0;
        }
        OutputStream out = System.out;
        jobs.log(job, out, true);
        JobStatus end = jobs.status(jobs.find(job.id().text()));
        context.err().println(JobCommand.describe(job.id(), end));
        return end.state() == JobStatus.State.SUCCEEDED ? 0 : 1;
    }

    private JobRequest request(CommandContext context) {
        List<Path> all = new ArrayList<>();
        String main;
        if (application.endsWith(".jar")) {
            Path jar = Path.of(application);
            if (!jar.toFile().isFile()) {
                throw ArclightException.notFound("There is no file " + jar.toAbsolutePath());
            }
            all.add(jar);
            main = mainClass
                    .or(() -> Application.mainClassOf(jar))
                    .orElseThrow(() -> new ParameterException(
                            spec.commandLine(), "%s names no Main-Class in its manifest: give --class".formatted(jar)));
        } else {
            main = application;
            if (mainClass.isPresent()) {
                throw new ParameterException(
                        spec.commandLine(), "--class goes with a jar, but the application is the class " + application);
            }
        }
        all.addAll(jars);
        conf.keySet().stream()
                .filter(key -> !key.startsWith("spark.") && !key.startsWith("arclight."))
                .findFirst()
                .ifPresent(key -> {
                    throw new ParameterException(
                            spec.commandLine(),
                            "--conf %s: expected a key that begins with spark. or arclight.".formatted(key));
                });
        Master on = masterOf(context);
        Map<String, String> spark = new LinkedHashMap<>();
        Settings settings = context.settings();
        for (Map.Entry<String, String> entry : conf.entrySet()) {
            if (entry.getKey().startsWith("spark.")) {
                spark.put(entry.getKey(), entry.getValue());
            } else {
                settings = settings.with(entry.getKey(), new Settings.Value(entry.getValue(), "flag --conf"));
            }
        }
        return new JobRequest(
                name.orElse(main.substring(main.lastIndexOf('.') + 1)),
                on,
                modeOn(on),
                main,
                all,
                arguments,
                spark,
                settings);
    }

    private DeployMode modeOn(Master on) {
        if (!(on instanceof Master.Platform)) {
            return deployMode.orElse(DeployMode.CLIENT);
        }
        if (deployMode.orElse(DeployMode.CLUSTER) == DeployMode.CLIENT) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Master '%s' runs the driver itself: leave out --deploy-mode client".formatted(on.text()));
        }
        return DeployMode.CLUSTER;
    }

    private Master masterOf(CommandContext context) {
        try {
            return Master.of(master.orElseGet(() -> context.settings().text(EngineSettings.MASTER)));
        } catch (ArclightException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}
