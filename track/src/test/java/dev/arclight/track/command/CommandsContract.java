package dev.arclight.track.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.arclight.base.ArclightException;
import dev.arclight.base.Cleanup;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.Settings;
import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import dev.arclight.base.progress.Progress;
import dev.arclight.track.ActiveRun;
import dev.arclight.track.Promotion;
import dev.arclight.track.Registration;
import dev.arclight.track.RunStart;
import dev.arclight.track.Tracking;
import dev.arclight.track.gates.Gate;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/** What the commands do in every room. */
public abstract class CommandsContract {
    @TempDir
    Path folder;

    /** The store, as {@code --tracking} takes it; the same one within a test, and empty at its start. */
    protected abstract String uri();

    private String forest = "";
    private String sweep = "";
    private String trial = "";

    @BeforeEach
    final void fillTheStore() throws IOException {
        try (Tracking tracking = Tracking.open(uri())) {
            RunStart start = RunStart.in(tracking.experiment("wine"));
            try (ActiveRun run = tracking.start(start.named("forest baseline with a long name that must be cut"))) {
                forest = run.id();
                run.param("trees", 10).param("seed", 1).metric("test_auc", 0.854123456789);
                run.artifact("charts/a.json", out -> out.write('x'));
            }
            try (ActiveRun run = tracking.start(start.named("sweep \u001b[31m"))) {
                sweep = run.id();
                run.metric("test_auc", 0.905).param("seed", 1);
                try (ActiveRun child = tracking.start(run.child("trial 0"))) {
                    trial = child.id();
                }
            }
            tracking.registry().register(Registration.of("wine-quality", "runs:/" + forest + "/model"));
            tracking.registry().register(Registration.of("wine-quality", "runs:/" + sweep + "/model"));
            tracking.registry()
                    .promote(Promotion.of("wine-quality", "champion", 1)
                            .by("ann")
                            .because("first"));
        }
    }

    @Test
    void runsAreListedWithinEightyColumnsWithoutNestedOnes() {
        String text = run("runs", "list");
        assertThat(text).contains("forest", "sweep", "FINISHED", "0.854123").doesNotContain("trial 0", "\u001b");
        assertThat(text.lines()).hasSize(3).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    }

    @Test
    void nestedRunsAreListedOnRequest() {
        assertThat(run("runs", "list", "--all")).contains("trial 0", "forest");
        assertThat(run("runs", "list", "--parent", sweep.substring(0, 8)))
                .contains("trial 0")
                .doesNotContain("forest");
        assertThat(run("runs", "list", "--filter", "metrics.test_auc > 0.9"))
                .contains("sweep")
                .doesNotContain("forest");
        assertThat(run("runs", "list", "--experiment", "wine", "--order-by", "metrics.test_auc ASC", "--max", "1"))
                .contains("forest")
                .doesNotContain("sweep");
    }

    @Test
    void aRunIsShownByTheBeginningOfItsId() {
        String text = run("runs", "show", forest.substring(0, 10));
        assertThat(text).contains(forest, "wine", "trees", "test_auc", "0.854123", "charts/a.json");
        assertThat(text.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
        assertThat(run("runs", "show", trial)).contains(sweep);
    }

    @Test
    void comparedRunsShowWhatDiffers() {
        assertThat(run("runs", "compare", forest, sweep))
                .contains("0.905", "trees")
                .doesNotContain("seed");
        assertThat(run("runs", "compare", "--all", forest, sweep)).contains("seed");
    }

    @Test
    void scriptsGetJson() throws IOException {
        JsonNode runs = new ObjectMapper().readTree(run("runs", "list", "--json", "--order-by", "metrics.test_auc"));
        assertThat(runs).hasSize(2);
        assertThat(runs.get(0).get("run_id").asText()).isEqualTo(forest);
        assertThat(runs.get(0).get("metrics").get("test_auc").asDouble()).isEqualTo(0.854123456789);
        JsonNode model = new ObjectMapper().readTree(run("models", "show", "wine-quality", "--json"));
        assertThat(model.get("aliases").get("champion").asInt()).isEqualTo(1);
        assertThat(model.get("history").get(0).get("who").asText()).isEqualTo("ann");
        assertThat(model.get("history").get(0).get("from").isNull()).isTrue();
    }

    @Test
    void aModelIsPromotedAndRolledBack() {
        assertThat(run("models", "list")).contains("wine-quality", "champion=1");
        assertThat(run("models", "promote", "wine-quality", "2", "--expect", "1", "--why", "better by 0.05"))
                .contains("wine-quality@champion now names version 2 (before: version 1)");
        assertThat(run("models", "rollback", "wine-quality", "--why", "drift")).contains("now names version 1");
        String text = run("models", "show", "wine-quality");
        assertThat(text).contains("promote", "rollback", "better by 0.05", "drift", "ann", "first");
        assertThat(text.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    }

    @Test
    void gatesAreSetShownAndRemovedAndHaveNoWayAround() {
        assertThat(run("models", "gates", "wine-quality")).contains("No gates");
        assertThat(run("models", "gates", "wine-quality", "--metric", "test_auc", "--min-gain", "0.1"))
                .contains("test_auc", "higher by 0.1");
        assertFailure(ErrorCode.BAD_STATE, "models", "promote", "wine-quality", "2", "--why", "it feels better");
        assertThat(run("models", "gates", "wine-quality", "--metric", "test_auc", "--min-gain", "0.05", "--json"))
                .contains("\"test_auc\" : \"higher by 0.05\"");
        assertThat(run("models", "promote", "wine-quality", "2", "--why", "better"))
                .contains("version 2");
        assertThat(run("models", "show", "wine-quality", "--json")).contains("passed: higher by 0.05");
        assertThat(run("models", "gates", "wine-quality", "--remove", "test_auc"))
                .contains("No gates");
        assertFailure(ErrorCode.BAD_INPUT, "models", "gates", "wine-quality", "--remove", "test_auc");
        try (Tracking tracking = Tracking.open(uri())) { // one that cannot be read can be removed
            tracking.registry().setTag("wine-quality", Gate.METRIC + "test_auc", "whatever");
        }
        assertFailure(ErrorCode.BAD_STATE, "models", "gates", "wine-quality");
        assertThat(run("models", "gates", "wine-quality", "--remove", "test_auc"))
                .contains("No gates");
        assertFailure(ErrorCode.BAD_INPUT, "models", "gates", "wine-quality", "--min-gain", "1");
    }

    @Test
    void aPromotionNeedsAReasonAndTheExpectedVersion() {
        assertThatThrownBy(() -> run("models", "promote", "wine-quality", "2"))
                .isInstanceOf(CommandLine.ParameterException.class)
                .hasMessageContaining("--why");
        assertFailure(ErrorCode.BAD_INPUT, "models", "promote", "wine-quality", "2", "--why", " ");
        assertFailure(ErrorCode.CONFLICT, "models", "promote", "wine-quality", "2", "--why", "x", "--expect", "none");
        assertFailure(ErrorCode.BAD_INPUT, "models", "promote", "wine-quality", "2", "--why", "x", "--expect", "y");
        assertFailure(ErrorCode.NOT_FOUND, "models", "promote", "wine-quality", "7", "--why", "x");
        assertFailure(ErrorCode.BAD_STATE, "models", "rollback", "wine-quality", "--why", "x");
    }

    @Test
    void whatIsNotThereIsSaid() {
        assertFailure(ErrorCode.NOT_FOUND, "runs", "show", "ffffffffffff0");
        assertFailure(ErrorCode.BAD_INPUT, "runs", "show", "x' OR");
        assertFailure(ErrorCode.NOT_FOUND, "models", "show", "nothing");
        assertFailure(ErrorCode.NOT_FOUND, "runs", "list", "--experiment", "nothing");
        assertThatThrownBy(() -> run("runs")).isInstanceOf(CommandLine.ParameterException.class);
        assertThatThrownBy(() -> run("models")).isInstanceOf(CommandLine.ParameterException.class);
    }

    final void assertFailure(ErrorCode code, String... arguments) {
        assertThatThrownBy(() -> run(arguments))
                .isInstanceOfSatisfying(
                        ArclightException.class,
                        e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code));
    }

    final String run(String... arguments) {
        try {
            return command(arguments);
        } catch (ArclightException | CommandLine.ParameterException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Runs a command as the command line does, the store named by the settings. */
    final String command(String... arguments) throws Exception {
        CommandLine line =
                new CommandLine(CommandLine.Model.CommandSpec.create().name("arclight"));
        for (ArclightCommand command : ServiceLoader.load(ArclightCommand.class)) {
            line.addSubcommand(command);
        }
        ParseResult result = line.parseArgs(arguments);
        while (result.hasSubcommand()) {
            result = result.subcommand();
        }
        StringWriter out = new StringWriter();
        Settings settings = Settings.of(Map.of("arclight.tracking-uri", new Settings.Value(uri(), "test")), Map.of());
        try (Cleanup cleanup = new Cleanup()) {
            ArclightCommand command = (ArclightCommand) result.commandSpec().userObject();
            int exit = command.run(new CommandContext(
                    new PrintWriter(out, true), new PrintWriter(out, true), Progress.NONE, settings, cleanup, false));
            assertThat(exit).isZero();
        }
        return out.toString();
    }
}
