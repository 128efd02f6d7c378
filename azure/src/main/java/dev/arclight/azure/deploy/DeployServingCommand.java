package dev.arclight.azure.deploy;

import dev.arclight.azure.submit.Account;
import dev.arclight.base.ArclightException;
import dev.arclight.base.AtomicFiles;
import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code arclight deploy serving}. */
@Command(
        name = "serving",
        description = "The scoring server on Kubernetes (writes manifests) or as an online endpoint of Azure ML.",
        sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class DeployServingCommand implements ArclightCommand {
    /** Where to. */
    enum Target {
        AML,
        KUBERNETES
    }

    @Parameters(
            arity = "1..*",
            paramLabel = "MODEL",
            description = "models:/name@alias, models:/name/version, or a directory in the image.")
    private List<String> models;

    @Option(names = "--to", paramLabel = "TARGET", required = true, description = "aml or kubernetes.")
    private Target target;

    @Option(names = "--name", paramLabel = "NAME", required = true, description = "Of all that is made.")
    private String name;

    @Option(names = "--image", paramLabel = "IMAGE", required = true, description = "As deploy/image builds it.")
    private String image;

    @Option(names = "--tracking", paramLabel = "URI", description = "Where the containers look up models:/...")
    private Optional<String> tracking = Optional.empty();

    @Option(names = "--min", paramLabel = "N", defaultValue = "2", description = "Replicas (default: 2).")
    private int least;

    @Option(names = "--max", paramLabel = "N", defaultValue = "10", description = "Replicas (default: 10).")
    private int most;

    @Option(names = "--cpu", paramLabel = "CPU", defaultValue = "1", description = "Of a replica (default: 1).")
    private String cpus;

    @Option(names = "--memory", paramLabel = "SIZE", defaultValue = "1Gi", description = "Of one (default: 1Gi).")
    private String memory;

    @Option(
            names = "--known-as",
            paramLabel = "HOST",
            description = "A further host name that callers use; the names of the Kubernetes service are known.")
    private List<String> knownAs = List.of();

    @Option(names = "--namespace", paramLabel = "NAME", defaultValue = "default", description = "Of Kubernetes.")
    private String namespace;

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            defaultValue = "arclight-serving",
            description = "For the files (default: ${DEFAULT-VALUE}).")
    private Path out;

    @Option(
            names = "--instance-type",
            paramLabel = "TYPE",
            defaultValue = "Standard_DS3_v2",
            description = "Machines of an Azure ML endpoint (default: ${DEFAULT-VALUE}).")
    private String instanceType;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "For aml: holds the key that callers send. It goes to Azure ML's store of secrets.")
    private Optional<Path> tokenFile = Optional.empty();

    @Option(
            names = "--conf",
            paramLabel = "KEY=VALUE",
            description = "For aml: how Azure is reached, such as fs.azureml.workspace=ws; may be repeated.")
    private Map<String, String> conf = Map.of();

    @Override
    public int run(CommandContext context) throws IOException, InterruptedException {
        List<String> hosts = new ArrayList<>(knownAs);
        if (target == Target.KUBERNETES) {
            hosts.addAll(List.of(
                    name,
                    name + "." + namespace,
                    name + "." + namespace + ".svc",
                    "%s.%s.svc.cluster.local".formatted(name, namespace)));
        }
        Serving serving = new Serving(name, image, models, tracking, least, most, cpus, memory, hosts);
        return target == Target.KUBERNETES ? kubernetes(serving, context) : azure(serving, context);
    }

    private int kubernetes(Serving serving, CommandContext context) throws IOException {
        Map<String, String> files = new KubernetesManifests(serving).files();
        for (Map.Entry<String, String> file : files.entrySet()) {
            AtomicFiles.write(out.resolve(file.getKey()), file.getValue());
        }
        context.out()
                .printf(
                        "Wrote %s to %s. Then:%n"
                                + "  kubectl create secret generic %s-token -n %s --from-file=token=FILE%n"
                                + "  kubectl apply -n %s -f %s%n",
                        String.join(", ", files.keySet()), out, name, namespace, namespace, out);
        return 0;
    }

    private int azure(Serving serving, CommandContext context) throws IOException, InterruptedException {
        OnlineEndpoint endpoint = new OnlineEndpoint(serving, instanceType);
        for (Map.Entry<String, String> file : endpoint.files().entrySet()) {
            AtomicFiles.write(out.resolve(file.getKey()), file.getValue());
        }
        Path file = tokenFile.orElseThrow(
                () -> ArclightException.badInput(
                        "An endpoint needs a key that callers send: give --token-file FILE (a random text of 32 characters or more)"));
        String token = Files.readString(file).strip();
        if (token.length() < 32) {
            throw ArclightException.badInput(
                    "%s holds %d characters, expected a random text of 32 or more".formatted(file, token.length()));
        }
        Map<String, String> hadoop = new TreeMap<>();
        conf.forEach((key, value) -> hadoop.put(key.startsWith("spark.") ? key : "spark.hadoop." + key, value));
        String uri = endpoint.deploy(Account.of(hadoop), token, context.progress());
        context.out().printf("Scoring at %s with 'Authorization: Bearer KEY', the key of %s%n", uri, file);
        return 0;
    }
}
