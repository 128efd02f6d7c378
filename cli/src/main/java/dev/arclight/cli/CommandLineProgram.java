package dev.arclight.cli;

import dev.arclight.base.Cleanup;
import dev.arclight.base.Settings;
import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import dev.arclight.base.progress.Progress;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;

/** Parses the command line, runs the command that it names, and turns what goes wrong into a sentence and exit code. */
final class CommandLineProgram {
    static final int FAILURE = 1;
    static final int USAGE = 2;
    static final int INTERRUPTED = 130;

    /** The command {@code arclight} itself: options that every subcommand takes. */
    @Command(
            name = "arclight",
            description = "Spark and Ray in one Java program: from raw tables to a served model.",
            synopsisSubcommandLabel = "COMMAND",
            footer = {"", "Run 'arclight COMMAND --help' for a command's own options."},
            mixinStandardHelpOptions = false)
    static final class Root {
        @Option(
                names = {"-h", "--help"},
                usageHelp = true,
                scope = ScopeType.INHERIT,
                description = "Show this help.")
        boolean help;

        @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Show stack traces of failures.")
        boolean debug;

        @Option(
                names = "--set",
                paramLabel = "KEY=VALUE",
                scope = ScopeType.INHERIT,
                description = "Set a configuration key, see 'arclight config'.")
        Map<String, String> set = new LinkedHashMap<>();
    }

    private final PrintWriter out;
    private final PrintWriter err;
    private final Map<String, String> environment;

    CommandLineProgram(PrintWriter out, PrintWriter err, Map<String, String> environment) {
        this.out = out;
        this.err = err;
        this.environment = environment;
    }

    /** Runs and returns the exit code: 0, 1 for a failure, 2 for wrong usage, 130 after Ctrl-C. */
    int run(String... arguments) {
        ServiceLoader<ArclightCommand> known = ServiceLoader.load(ArclightCommand.class);
        ArclightCommand plain = plain(known, arguments);
        if (plain != null) {
            try {
                return run(new Root(), plain);
            } finally {
                out.flush();
                err.flush();
            }
        }
        Root root = new Root();
        CommandLine line = arguments.length == 0 ? commands(root) : commands(root, known, arguments[0]);
        line.setOut(out);
        line.setErr(err);
        try {
            ParseResult parsed = line.parseArgs(arguments);
            if (CommandLine.printHelpIfRequested(parsed)) {
                return 0;
            }
            Object command = parsed.asCommandLineList()
                    .get(parsed.asCommandLineList().size() - 1)
                    .getCommand();
            if (!(command instanceof ArclightCommand runnable)) {
                CommandLine deepest = parsed.asCommandLineList()
                        .get(parsed.asCommandLineList().size() - 1);
                deepest.usage(err);
                return USAGE;
            }
            return run(root, runnable);
        } catch (ParameterException e) {
            err.println("arclight: " + oneLine(e));
            CommandLine.UnmatchedArgumentException.printSuggestions(e, err);
            err.println("Run '" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help' for usage.");
            return USAGE;
        } finally {
            out.flush();
            err.flush();
        }
    }

    /**
     * The command that the arguments name, ready to run, if it takes them as they are; no class of picocli is loaded.
     */
    private static @Nullable ArclightCommand plain(ServiceLoader<ArclightCommand> known, String... arguments) {
        if (arguments.length == 0 || arguments[0].isEmpty()) {
            return null;
        }
        String type = Character.toUpperCase(arguments[0].charAt(0)) + arguments[0].substring(1) + "Command";
        return known.stream()
                .filter(provider -> provider.type().getSimpleName().equals(type))
                .findFirst()
                .map(ServiceLoader.Provider::get)
                .filter(command -> command.takes(List.of(arguments).subList(1, arguments.length)))
                .map(CommandLineProgram::prepared)
                .orElse(null);
    }

    /** The command line with every command that a module brings. */
    static CommandLine commands(Root root) {
        return commandLine(
                root,
                ServiceLoader.load(ArclightCommand.class).stream()
                        .map(ServiceLoader.Provider::get)
                        .toList());
    }

    /**
     * The command line with the command called {@code name} alone, where there is one: to look at the options of all
     * takes as long as many a command itself.
     */
    private static CommandLine commands(Root root, ServiceLoader<ArclightCommand> known, String name) {
        return known.stream()
                .filter(command -> isCalled(command.type(), name))
                .findFirst()
                .map(provider -> prepared(provider.get()))
                .map(command -> commandLine(root, List.of(command)))
                .orElseGet(() -> commands(root));
    }

    /** What fails beside here fails again, and is told, where the command needs it. */
    private static ArclightCommand prepared(ArclightCommand command) {
        Thread beside = new Thread(command::prepare, "arclight-prepare");
        beside.setUncaughtExceptionHandler((thread, failure) -> {});
        beside.setDaemon(true);
        beside.start();
        return command;
    }

    private static boolean isCalled(Class<? extends ArclightCommand> type, String name) {
        Command command = type.getAnnotation(Command.class);
        return command != null && command.name().equals(name);
    }

    private static CommandLine commandLine(Root root, List<ArclightCommand> commands) {
        CommandLine line = new CommandLine(root);
        commands.forEach(line::addSubcommand);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setAbbreviatedOptionsAllowed(false);
        line.setUsageHelpAutoWidth(false);
        line.setUsageHelpWidth(100);
        hideInherited(line.getSubcommands());
        return line;
    }

    // Each command's help shows its own options; the common ones stand in the help of arclight itself.
    private static void hideInherited(Map<String, CommandLine> subcommands) {
        subcommands.values().forEach(sub -> {
            CommandSpec spec = sub.getCommandSpec();
            spec.usageMessage().sortOptions(false);
            hideInherited(sub.getSubcommands());
        });
    }

    private int run(Root root, ArclightCommand command) {
        Map<String, Settings.Value> flags = new LinkedHashMap<>();
        root.set.forEach((key, value) -> flags.put(key, new Settings.Value(value, "flag --set")));
        Cleanup cleanup = new Cleanup();
        Interruption interruption = new Interruption(cleanup, err);
        try {
            Settings settings = Settings.of(flags, environment, SettingsFiles.of(environment));
            CommandContext context = new CommandContext(out, err, progress(), settings, cleanup, root.debug);
            int code = command.run(context);
            cleanup.close();
            return code == 0 && !written() ? FAILURE : code;
        } catch (ParameterException e) {
            throw e;
        } catch (Throwable e) {
            return interruption.came() ? INTERRUPTED : fail(e, cleanup, root.debug);
        } finally {
            out.flush();
            interruption.close();
        }
    }

    /** Whether standard output took all: writers keep it to themselves that a disk is full or nobody reads. */
    private boolean written() {
        if (!out.checkError()) {
            return true;
        }
        err.println("arclight: Standard output did not take all of the answer: it is closed, or its disk is full");
        return false;
    }

    private int fail(Throwable failure, Cleanup cleanup, boolean debug) {
        try {
            cleanup.close();
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
        err.println("arclight: " + FailureSentence.of(failure));
        if (debug) {
            failure.printStackTrace(err);
        }
        return FAILURE;
    }

    private static Progress progress() {
        return Progress.onStandardError();
    }

    private static String oneLine(ParameterException e) {
        if (e instanceof CommandLine.UnmatchedArgumentException unmatched
                && !unmatched.isUnknownOption()
                && !e.getCommandLine().getSubcommands().isEmpty()) {
            return "there is no command '%s %s'"
                    .formatted(
                            e.getCommandLine().getCommandSpec().qualifiedName(),
                            unmatched.getUnmatched().get(0));
        }
        String message = String.valueOf(e.getMessage());
        return message.lines().findFirst().orElse(message);
    }

    /** Names of all commands, for tests and completion. */
    static List<String> names() {
        return List.copyOf(commands(new Root()).getSubcommands().keySet());
    }
}
