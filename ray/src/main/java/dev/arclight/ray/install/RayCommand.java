package dev.arclight.ray.install;

import dev.arclight.base.ArclightException;
import dev.arclight.base.addon.AddOns;
import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import dev.arclight.ray.link.RayConnector;
import dev.arclight.ray.link.RayInstallation;
import dev.arclight.ray.link.RayLink;
import dev.arclight.ray.link.RayNode;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code arclight ray}: a Ray cluster on this machine, for people who have none. */
@Command(
        name = "ray",
        description = "A Ray cluster on this machine: start, stop, status.",
        subcommands = {RayCommand.Start.class, RayCommand.Stop.class, RayCommand.Status.class})
public final class RayCommand implements ArclightCommand {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    CommandSpec spec;

    @Override
    public int run(CommandContext context) {
        throw new ParameterException(spec.commandLine(), "Which of start, stop and status?");
    }

    /** {@code arclight ray start}. */
    @Command(name = "start", description = "Start a cluster; --master ray then means this one.")
    static final class Start implements ArclightCommand {
        @Option(names = "--port", defaultValue = "6379", description = "Port of its GCS (default: ${DEFAULT-VALUE}).")
        int port;

        @Option(names = "--cpus", description = "CPUs that Ray may use (default: all).")
        Optional<Integer> cpus = Optional.empty();

        @Override
        public int run(CommandContext context) throws InterruptedException {
            Map<String, String> environment = System.getenv();
            RayInstallation ray = RayConnector.installation(environment, AddOns.folder(environment));
            StandingCluster cluster = StandingCluster.start(ray, environment, port, cpus);
            context.out()
                    .printf(
                            "Ray %s runs at %s (process %d)%nUse it: --master ray%nStop it: arclight ray stop%n",
                            ray.version(), cluster.target(), cluster.pid());
            return 0;
        }
    }

    /** {@code arclight ray stop}. */
    @Command(name = "stop", description = "Stop the cluster of 'arclight ray start'.")
    static final class Stop implements ArclightCommand {
        @Override
        public int run(CommandContext context) {
            StandingCluster cluster = running();
            cluster.stop(System.getenv());
            context.out().printf("Stopped Ray at %s%n", cluster.target());
            return 0;
        }
    }

    /** {@code arclight ray status}. */
    @Command(name = "status", description = "Show the cluster of 'arclight ray start' and its nodes.")
    static final class Status implements ArclightCommand {
        @Override
        public int run(CommandContext context) {
            StandingCluster cluster = running();
            Map<String, String> environment = cluster.over(System.getenv());
            context.out().printf("Ray at %s (process %d)%n", cluster.target(), cluster.pid());
            try (RayLink link = RayConnector.connect(cluster.target(), environment, AddOns.folder(environment))) {
                for (RayNode node : link.nodes()) {
                    context.out()
                            .printf(
                                    Locale.ROOT,
                                    "  %s %s: %.0f CPU, %.1f GiB, %.0f GPU%n",
                                    node.address(),
                                    node.alive() ? "alive" : "dead",
                                    node.amount("CPU"),
                                    node.amount("memory") / (1L << 30),
                                    node.amount("GPU"));
                }
            }
            return 0;
        }
    }

    private static StandingCluster running() {
        return StandingCluster.find(System.getenv())
                .orElseThrow(() ->
                        ArclightException.notFound("No Ray cluster was started here: `arclight ray start` starts one"));
    }
}
