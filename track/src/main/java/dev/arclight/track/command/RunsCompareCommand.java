package dev.arclight.track.command;

import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import dev.arclight.track.Run;
import dev.arclight.track.Tracking;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code arclight runs compare}. */
@Command(name = "compare", description = "Sets runs side by side: metrics, and the params in which they differ.")
final class RunsCompareCommand implements ArclightCommand {
    private static final int RUNS_A_BLOCK = 4;

    @Mixin
    private final StoreOption store = new StoreOption();

    @Option(names = "--all", description = "Equal params too")
    private boolean all;

    @Parameters(arity = "2..*", paramLabel = "RUN", description = "Ids, or how they begin")
    private final List<String> ids = new ArrayList<>();

    @Override
    public int run(CommandContext context) {
        try (Tracking tracking = store.open(context)) {
            List<Run> runs =
                    ids.stream().map(id -> RunFinder.find(tracking, id)).toList();
            if (store.json()) {
                context.out()
                        .println(Texts.json(
                                runs.stream().map(RunsListCommand::json).toList()));
                return 0;
            }
            List<String[]> lines = new ArrayList<>();
            lines.add(line("name", runs, Run::name));
            lines.add(line("status", runs, run -> run.status().name()));
            lines.add(line("took", runs, Texts::duration));
            TreeSet<String> metrics = new TreeSet<>();
            TreeSet<String> params = new TreeSet<>();
            for (Run run : runs) {
                metrics.addAll(run.metrics().keySet());
                params.addAll(run.params().keySet());
            }
            for (String key : metrics) {
                lines.add(line(
                        key, runs, run -> run.metric(key).map(Texts::number).orElse("-")));
            }
            for (String key : params) {
                String[] line = line(key, runs, run -> run.params().getOrDefault(key, "-"));
                if (all || differs(line)) {
                    lines.add(line);
                }
            }
            for (int from = 0; from < runs.size(); from += RUNS_A_BLOCK) {
                if (from > 0) {
                    context.out().println();
                }
                print(context, runs, lines, from, Math.min(runs.size(), from + RUNS_A_BLOCK));
            }
            return 0;
        }
    }

    private static void print(CommandContext context, List<Run> runs, List<String[]> lines, int from, int to) {
        List<String> header = new ArrayList<>(List.of("RUN"));
        runs.subList(from, to).forEach(run -> header.add(Texts.id(run.id())));
        TextTable table = new TextTable(header.toArray(String[]::new));
        for (String[] line : lines) {
            List<String> cells = new ArrayList<>(List.of(line[0]));
            cells.addAll(List.of(line).subList(from + 1, to + 1));
            table.add(cells.toArray(String[]::new));
        }
        table.print(context.out());
    }

    private static String[] line(String label, List<Run> runs, Function<Run, String> value) {
        List<String> cells = new ArrayList<>(List.of(label));
        runs.forEach(run -> cells.add(value.apply(run)));
        return cells.toArray(String[]::new);
    }

    private static boolean differs(String[] line) {
        return List.of(line).subList(1, line.length).stream().distinct().count() > 1;
    }
}
