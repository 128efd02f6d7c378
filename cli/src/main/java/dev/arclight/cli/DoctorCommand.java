package dev.arclight.cli;

import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.Check;
import dev.arclight.base.command.CommandContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import picocli.CommandLine.Command;

/** {@code arclight doctor}. */
@Command(
        name = "doctor",
        description = "Look at what Arclight needs on this machine: each thing found, or how to get it.")
public final class DoctorCommand implements ArclightCommand {
    @Override
    public int run(CommandContext context) {
        List<Check> checks = new ArrayList<>();
        ServiceLoader.load(Check.class).forEach(checks::add);
        checks.sort(Comparator.comparingInt(Check::order).thenComparing(Check::name));
        int missing = 0;
        for (Check check : checks) {
            Check.Finding finding = look(check, context);
            String mark = switch (finding.status()) {
                case FOUND -> "ok      ";
                case OPTIONAL -> "optional";
                case MISSING -> "MISSING ";
            };
            context.out().printf("%s  %-10s  %s%n", mark, check.name(), finding.detail());
            if (!finding.remedy().isEmpty()) {
                context.out().printf("%22s%s%n", "", finding.remedy());
            }
            context.out().flush();
            if (finding.status() == Check.Status.MISSING) {
                missing++;
            }
        }
        return missing == 0 ? 0 : 1;
    }

    private static Check.Finding look(Check check, CommandContext context) {
        try {
            return check.look(context);
        } catch (RuntimeException e) {
            return new Check.Finding(Check.Status.MISSING, FailureSentence.of(e), "Run again with --debug");
        }
    }
}
