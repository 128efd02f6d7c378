package dev.arclight.cli;

import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.Check;
import dev.arclight.base.command.CommandContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code arclight doctor}. */
@Command(
        name = "doctor",
        description = "Look at what Arclight needs on this machine: each thing found, or how to get it.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class DoctorCommand implements ArclightCommand {
    @Option(
            names = "--cloud",
            paramLabel = "NAME",
            description = "Also look at your account there, over the network: azure.")
    private Optional<String> cloud = Optional.empty();

    private CommandSpec spec;

    @Spec
    void spec(CommandSpec given) {
        spec = given;
    }

    @Override
    public int run(CommandContext context) {
        List<Check> checks = new ArrayList<>();
        ServiceLoader.load(Check.class).forEach(checks::add);
        if (cloud.isPresent()
                && checks.stream().noneMatch(check -> check.cloud().equals(cloud))) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--cloud %s: there is %s"
                            .formatted(
                                    cloud.get(),
                                    checks.stream()
                                            .flatMap(check -> check.cloud().stream())
                                            .sorted()
                                            .distinct()
                                            .toList()));
        }
        checks.removeIf(check -> check.cloud().isPresent() && !check.cloud().equals(cloud));
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
