package dev.arclight.engine.job;

import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code arclight job}: what was submitted from here. */
@Command(
        name = "job",
        description = "Submitted applications: list, status, logs, stop.",
        subcommands = {JobCommand.ListJobs.class, JobCommand.Status.class, JobCommand.Logs.class, JobCommand.Stop.class
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class JobCommand implements ArclightCommand {
    @Spec
    CommandSpec spec;

    @Override
    public int run(CommandContext context) {
        throw new ParameterException(spec.commandLine(), "Which of list, status, logs and stop?");
    }

    static String describe(JobId id, JobStatus status) {
        String state = status.state().name().toLowerCase(Locale.ROOT);
        return status.detail().isEmpty()
                ? "%s: %s".formatted(id, state)
                : "%s: %s, %s".formatted(id, state, status.detail());
    }

    /** {@code arclight job list}. */
    @Command(name = "list", description = "List them, newest first; asks the cluster for those that have not ended.")
    static final class ListJobs implements ArclightCommand {
        @Override
        public int run(CommandContext context) {
            Jobs jobs = Jobs.open(System.getenv());
            for (JobRecord job : jobs.list()) {
                String state;
                try {
                    state = jobs.status(job).state().name().toLowerCase(Locale.ROOT);
                } catch (dev.arclight.base.ArclightException e) {
                    state = "unknown"; // its cluster cannot be asked; `job status` says why
                }
                context.out()
                        .printf(
                                "%s  %-9s  %-20s  %s%n",
                                job.id(), state, job.master().text(), job.name());
            }
            return 0;
        }
    }

    /** {@code arclight job status}. */
    @Command(name = "status", description = "Show how a job stands.")
    static final class Status implements ArclightCommand {
        @Parameters(paramLabel = "JOB", description = "Its id, or 'last'.")
        String id;

        @Override
        public int run(CommandContext context) {
            Jobs jobs = Jobs.open(System.getenv());
            JobRecord job = jobs.find(id);
            context.out().println(describe(job.id(), jobs.status(job)));
            return 0;
        }
    }

    /** {@code arclight job logs}. */
    @Command(name = "logs", description = "Show what the driver of a job has logged.")
    static final class Logs implements ArclightCommand {
        @Parameters(paramLabel = "JOB", description = "Its id, or 'last'.")
        String id;

        @Option(
                names = {"-f", "--follow"},
                description = "Go on until the job ends.")
        boolean follow;

        @Override
        public int run(CommandContext context) throws Exception {
            Jobs jobs = Jobs.open(System.getenv());
            jobs.log(jobs.find(id), System.out, follow);
            return 0;
        }
    }

    /** {@code arclight job stop}. */
    @Command(name = "stop", description = "End a job and its executors.")
    static final class Stop implements ArclightCommand {
        @Parameters(paramLabel = "JOB", description = "Its id, or 'last'.")
        String id;

        @Override
        public int run(CommandContext context) throws InterruptedException {
            Jobs jobs = Jobs.open(System.getenv());
            JobRecord job = jobs.find(id);
            context.out().println(describe(job.id(), jobs.stop(job)));
            return 0;
        }
    }
}
