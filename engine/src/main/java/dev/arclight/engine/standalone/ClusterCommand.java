package dev.arclight.engine.standalone;

import dev.arclight.base.ArclightException;
import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import dev.arclight.base.progress.Progress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code arclight cluster}. */
@Command(
        name = "cluster",
        description = "A Spark standalone cluster on this machine: real master and worker processes.",
        subcommands = {ClusterCommand.Start.class, ClusterCommand.Status.class, ClusterCommand.Stop.class})
public final class ClusterCommand implements ArclightCommand {
    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the field
    public ClusterCommand() {}

    @Override
    public int run(CommandContext context) {
        throw new ParameterException(spec.commandLine(), "Missing what to do: start, status or stop");
    }

    /** {@code arclight cluster start}. */
    @Command(name = "start", description = "Start a master and workers, and leave them running.", sortOptions = false)
    public static final class Start implements ArclightCommand {
        @Option(
                names = "--workers",
                paramLabel = "N",
                defaultValue = "1",
                description = "Worker processes (default: ${DEFAULT-VALUE}).")
        private int workers;

        @Option(
                names = "--cores",
                paramLabel = "C",
                description = "Cores of each worker (default: the machine's, shared out).")
        private @Nullable Integer cores;

        @Option(
                names = "--memory",
                paramLabel = "MB",
                description = "Memory of each worker for its executors (default: half of the machine's, shared out).")
        private @Nullable Integer memory;

        @Spec
        private CommandSpec spec;

        @SuppressWarnings("NullAway.Init") // picocli sets the fields
        public Start() {}

        @Override
        public int run(CommandContext context) throws Exception {
            int each = cores != null ? cores : Math.max(1, Runtime.getRuntime().availableProcessors() / workers());
            int megabytes = memory != null ? memory : Math.max(1_024, machineMegabytes() / 2 / workers());
            if (each < 1 || megabytes < 512) {
                throw new ParameterException(
                        spec.commandLine(),
                        "A worker needs at least 1 core and 512 MB, not %d and %d".formatted(each, megabytes));
            }
            StandaloneCluster cluster;
            try (Progress.Task task = context.progress().start("Start a cluster", 1, "cluster")) {
                cluster = StandaloneCluster.start(System.getenv(), workers(), each, megabytes);
                task.advance(1);
            }
            context.out()
                    .printf(
                            "%d %s of %d cores and %d MB each%nPage: %s%nUse: --master %s%nStop: arclight cluster stop%n",
                            workers(),
                            workers() == 1 ? "worker" : "workers",
                            each,
                            megabytes,
                            cluster.web(),
                            cluster.master());
            return 0;
        }

        private int workers() {
            if (workers < 1 || workers > 64) {
                throw new ParameterException(
                        spec.commandLine(), "--workers is %d, expected 1 to 64".formatted(workers));
            }
            return workers;
        }

        private static int machineMegabytes() {
            return java.lang.management.ManagementFactory.getOperatingSystemMXBean()
                            instanceof com.sun.management.OperatingSystemMXBean machine
                    ? (int) Math.min(Integer.MAX_VALUE, machine.getTotalMemorySize() >> 20)
                    : 4_096;
        }
    }

    /** {@code arclight cluster status}. */
    @Command(name = "status", description = "Say what runs.")
    public static final class Status implements ArclightCommand {
        @Override
        public int run(CommandContext context) throws Exception {
            StandaloneCluster cluster = running();
            Optional<StandaloneCluster.Status> status = cluster.status();
            if (status.isEmpty()) {
                context.err()
                        .println("arclight: the master runs but does not answer; its log is in " + cluster.folder());
                return 1;
            }
            context.out()
                    .printf(
                            "%s: %d workers, %d of %d cores used%nPage: %s%n",
                            cluster.master(),
                            status.get().workers(),
                            status.get().coresUsed(),
                            status.get().cores(),
                            cluster.web());
            return 0;
        }
    }

    /** {@code arclight cluster stop}. */
    @Command(name = "stop", description = "End the processes that 'cluster start' started.")
    public static final class Stop implements ArclightCommand {
        @Override
        public int run(CommandContext context) throws Exception {
            StandaloneCluster cluster =
                    StandaloneCluster.findRest(System.getenv()).orElseThrow(ClusterCommand::none);
            cluster.stop(System.getenv());
            context.out().println("Stopped " + cluster.master());
            return 0;
        }
    }

    private static StandaloneCluster running() {
        return StandaloneCluster.find(System.getenv()).orElseThrow(ClusterCommand::none);
    }

    private static ArclightException none() {
        return ArclightException.notFound("No cluster runs: start one with 'arclight cluster start'");
    }
}
