package dev.arclight.track;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.base.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every implementation of {@link Tracking} does, with respect to logged models and the registry. */
public abstract class RegistryContract extends StoreContract {
    private String name = "";

    /** What ids of logged models look like. */
    protected abstract String modelIds();

    /** Whether logged models are searched by more than their experiment; those of MLflow 2 are not. */
    protected abstract boolean searchesLoggedModels();

    @BeforeEach
    final void nameAModel() {
        name = "wine-" + UUID.randomUUID();
    }

    @Test
    void aLoggedModelIsAnOutputOfItsRunAndIsResolvedByEveryName() throws IOException {
        Path directory = model("first");
        LoggedModel model;
        Run run;
        try (ActiveRun active = tracking().start(RunStart.in(experiment))) {
            model = active.logModel("model", directory, Map.of("trees", "10"), Map.of("flavor", "xgboost"));
            run = active.snapshot();
        }
        assertThat(model.id()).matches(modelIds());
        assertThat(model.status()).isEqualTo(LoggedModelStatus.READY);
        assertThat(model.runId()).isEqualTo(run.id());
        assertThat(model.params()).containsEntry("trees", "10");
        assertThat(model.tags()).containsEntry("flavor", "xgboost");
        assertThat(run.modelOutputs()).extracting(ModelOutput::modelId).containsExactly(model.id());
        ModelVersion version = tracking().registry().register(Registration.of(name, model));
        tracking().registry().promote(Promotion.of(name, "champion", version.version()));
        for (String uri : List.of(
                model.uri(),
                "runs:/" + run.id() + "/model",
                "models:/%s/1".formatted(name),
                "models:/%s/latest".formatted(name),
                "models:/%s@champion".formatted(name))) {
            assertThat(tracking().resolve(uri).resolve("MLmodel")).as(uri).hasContent("first");
            assertThat(tracking().resolve(uri).resolve("data/trees.bin"))
                    .as(uri)
                    .hasContent("trees of first");
        }
        assertThat(tracking().resolve("models:/%s@champion/data/trees.bin".formatted(name)))
                .hasContent("trees of first");
    }

    @Test
    void loggedModelsAreSearched() {
        LoggedModel a = pending("a");
        LoggedModel b = pending("b");
        tracking().models().finish(b.id(), LoggedModelStatus.READY);
        tracking().models().tags(b.id(), Map.of("color", "red"));
        tracking().models().params(b.id(), Map.of("depth", "5"));
        String runId = tracking().runs().create(RunStart.in(experiment)).id();
        Metric.Origin origin = new Metric.Origin(b.id(), "wine", "d1");
        tracking().runs().log(runId, RunBatch.metrics(List.of(new Metric("auc", 0.9, 1000, 0, Optional.of(origin)))));
        assertThat(found("")).containsExactlyInAnyOrder(a.id(), b.id());
        if (searchesLoggedModels()) {
            assertThat(found("name = 'a'")).containsExactly(a.id());
            assertThat(found("metrics.auc > 0.8")).containsExactly(b.id());
            assertThat(found("metrics.auc > 0.95")).isEmpty();
            assertThat(found("params.depth = '5' AND tags.color = 'red'")).containsExactly(b.id());
        }
        if (searchesLoggedModels()) {
            assertThat(tracking().models().load(b.id()).metrics())
                    .extracting(Metric::value)
                    .containsExactly(0.9);
        }
        tracking().models().delete(a.id());
        assertThat(found("")).containsExactly(b.id());
        assertCode(ErrorCode.NOT_FOUND, () -> tracking().models().load(a.id()));
    }

    @Test
    void versionsCountFromOneAndAreNeverUsedAgain() {
        assertThat(register().version()).isEqualTo(1);
        assertThat(register().version()).isEqualTo(2);
        tracking().registry().deleteVersion(name, 2);
        assertThat(register().version()).isEqualTo(3);
        assertThat(tracking().registry().versions(name))
                .extracting(ModelVersion::version)
                .containsExactly(3, 1);
        assertCode(ErrorCode.NOT_FOUND, () -> tracking().registry().version(name, 2));
    }

    @Test
    void aVersionKeepsWhatItWasRegisteredWith() {
        LoggedModel model = pending("m");
        ModelVersion version = tracking()
                .registry()
                .register(Registration.of(name, model).describedAs("ünder test").tag("gate", "passed"));
        assertThat(version.source()).isEqualTo(model.uri());
        assertThat(version.runId()).isEqualTo(model.runId());
        assertThat(version.description()).isEqualTo("ünder test");
        assertThat(version.tags()).containsEntry("gate", "passed");
        tracking().registry().setVersionTag(name, 1, "gate", "failed");
        tracking().registry().describeVersion(name, 1, "described");
        ModelVersion now = tracking().registry().version(name, 1);
        assertThat(now.tags()).containsEntry("gate", "failed");
        assertThat(now.description()).isEqualTo("described");
        tracking().registry().deleteVersionTag(name, 1, "gate");
        assertThat(tracking().registry().version(name, 1).tags()).isEmpty();
    }

    @Test
    void anAliasMovesOnlyFromWhereItIsExpected() {
        register();
        register();
        Registry registry = tracking().registry();
        registry.promote(Promotion.of(name, "champion", 1).expecting(Optional.empty()));
        assertCode(
                ErrorCode.CONFLICT,
                () -> registry.promote(Promotion.of(name, "champion", 2).expecting(Optional.empty())));
        assertCode(
                ErrorCode.CONFLICT,
                () -> registry.promote(Promotion.of(name, "champion", 2).expecting(Optional.of(2))));
        assertThat(registry.findByAlias(name, "champion").orElseThrow().version())
                .isEqualTo(1);
        registry.promote(Promotion.of(name, "champion", 2).expecting(Optional.of(1)));
        assertThat(registry.findByAlias(name, "champion").orElseThrow().version())
                .isEqualTo(2);
        assertThat(registry.version(name, 2).aliases()).containsExactly("champion");
        assertThat(registry.version(name, 1).aliases()).isEmpty();
        assertThat(registry.load(name).aliases()).containsOnly(Map.entry("champion", 2));
        assertCode(ErrorCode.NOT_FOUND, () -> registry.promote(Promotion.of(name, "champion", 9)));
        for (String bad : List.of("", "v1", "latest", "a b", "x".repeat(256))) {
            assertCode(ErrorCode.BAD_INPUT, () -> registry.promote(Promotion.of(name, bad, 1)));
        }
    }

    @Test
    void theHistoryTellsWhoWhenWhyFromAndTo() {
        register();
        register();
        long before = System.currentTimeMillis();
        Registry registry = tracking().registry();
        registry.promote(Promotion.of(name, "champion", 1).by("ann").because("first"));
        registry.promote(
                Promotion.of(name, "champion", 2).by("bob").because("better").with("test_auc", "0.905"));
        registry.rollback(name, "champion", "cy", "drift");
        registry.removeAlias(name, "champion", "dee", "retired");
        List<AliasChange> history = registry.history(name, "champion");
        assertThat(history).extracting(AliasChange::who).containsExactly("ann", "bob", "cy", "dee");
        assertThat(history).extracting(AliasChange::why).containsExactly("first", "better", "drift", "retired");
        assertThat(history)
                .extracting(AliasChange::from)
                .containsExactly(OptionalInt.empty(), OptionalInt.of(1), OptionalInt.of(2), OptionalInt.of(1));
        assertThat(history)
                .extracting(AliasChange::to)
                .containsExactly(OptionalInt.of(1), OptionalInt.of(2), OptionalInt.of(1), OptionalInt.empty());
        assertThat(history)
                .extracting(AliasChange::kind)
                .containsExactly(
                        AliasChange.Kind.PROMOTE,
                        AliasChange.Kind.PROMOTE,
                        AliasChange.Kind.ROLLBACK,
                        AliasChange.Kind.REMOVE);
        assertThat(history.get(1).evidence()).containsEntry("test_auc", "0.905");
        assertThat(history).allSatisfy(change -> assertThat(change.atMillis()).isGreaterThanOrEqualTo(before));
        assertThat(registry.findByAlias(name, "champion")).isEmpty();
    }

    @Test
    void rollingBackWalksBackAndStopsAtTheBeginning() {
        Registry registry = tracking().registry();
        for (int version = 1; version <= 3; version++) {
            register();
            registry.promote(Promotion.of(name, "champion", version));
        }
        assertThat(registry.rollback(name, "champion", "ann", "").to()).hasValue(2);
        assertThat(registry.rollback(name, "champion", "ann", "").to()).hasValue(1);
        assertCode(ErrorCode.BAD_STATE, () -> registry.rollback(name, "champion", "ann", ""));
        registry.promote(Promotion.of(name, "champion", 3));
        assertThat(registry.rollback(name, "champion", "ann", "").to()).hasValue(1);
        assertCode(ErrorCode.BAD_STATE, () -> registry.rollback(name, "other", "ann", ""));
    }

    @Test
    void stagesAreAShim() {
        register();
        register();
        Registry registry = tracking().registry();
        assertThat(registry.version(name, 1).stage()).isEqualTo("None");
        registry.transition(name, 1, "production", false);
        registry.transition(name, 2, "Production", true);
        assertThat(registry.version(name, 1).stage()).isEqualTo("Archived");
        assertThat(registry.version(name, 2).stage()).isEqualTo("Production");
        assertCode(ErrorCode.BAD_INPUT, () -> registry.transition(name, 1, "Nowhere", false));
    }

    @Test
    void registeredModelsAreMadeTaggedRenamedSearchedAndDeleted() {
        Registry registry = tracking().registry();
        registry.create(name, "wine, red and white", Map.of("team", "a"));
        assertCode(ErrorCode.ALREADY_EXISTS, () -> registry.create(name, "", Map.of()));
        assertCode(ErrorCode.BAD_INPUT, () -> registry.create("a/b", "", Map.of()));
        registry.setTag(name, "team", "b");
        registry.describe(name, "better");
        RegisteredModel model = registry.load(name);
        assertThat(model.tags()).containsEntry("team", "b");
        assertThat(model.description()).isEqualTo("better");
        assertThat(registry.search(RegistrySearch.all().withFilter("name = '%s' AND tags.team = 'b'".formatted(name)))
                        .items())
                .extracting(RegisteredModel::name)
                .containsExactly(name);
        register();
        assertThat(registry.searchVersions(RegistrySearch.all().withFilter("name = '%s'".formatted(name)))
                        .items())
                .extracting(ModelVersion::version)
                .containsExactly(1);
        registry.promote(Promotion.of(name, "champion", 1));
        String renamed = name + " 2";
        registry.rename(name, renamed);
        assertThat(registry.find(name)).isEmpty();
        assertThat(registry.findByAlias(renamed, "champion").orElseThrow().name())
                .isEqualTo(renamed);
        registry.delete(renamed);
        assertThat(registry.find(renamed)).isEmpty();
        assertCode(ErrorCode.NOT_FOUND, () -> registry.addVersion(Registration.of(name, "models:/m-x")));
    }

    private ModelVersion register() {
        return tracking().registry().register(Registration.of(name, pending("m")));
    }

    private LoggedModel pending(String model) {
        String runId = tracking().runs().create(RunStart.in(experiment)).id();
        return tracking().models().create(new LoggedModelStart(experiment.id(), model, runId, "", Map.of(), Map.of()));
    }

    private List<String> found(String filter) {
        return tracking().models().search(LoggedModelSearch.in(experiment.id()).withFilter(filter)).items().stream()
                .map(LoggedModel::id)
                .toList();
    }

    private Path model(String content) throws IOException {
        Path directory = folder.resolve("model-" + content);
        Files.createDirectories(directory.resolve("data"));
        Files.writeString(directory.resolve("MLmodel"), content);
        Files.writeString(directory.resolve("data/trees.bin"), "trees of " + content);
        return directory;
    }
}
