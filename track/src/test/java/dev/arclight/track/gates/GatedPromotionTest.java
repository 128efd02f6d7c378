package dev.arclight.track.gates;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.model.DataType;
import dev.arclight.model.GoldenRows;
import dev.arclight.model.ModelWriter;
import dev.arclight.model.Signature;
import dev.arclight.model.xgboost.TreeNode;
import dev.arclight.model.xgboost.XGBoostFile;
import dev.arclight.track.ActiveRun;
import dev.arclight.track.AliasChange;
import dev.arclight.track.Promotion;
import dev.arclight.track.Registration;
import dev.arclight.track.RunStart;
import dev.arclight.track.Tracking;
import dev.arclight.track.gates.Gate.BetterThanPresent;
import dev.arclight.track.gates.Gate.GoldenRowsPass;
import dev.arclight.track.rest.RestTracking;
import dev.arclight.track.server.TrackingServer;
import dev.arclight.web.WebServer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GatedPromotionTest {
    private static final String MODEL = "wine";

    @TempDir
    private Path folder;

    private Tracking tracking;

    @BeforeEach
    void open() {
        tracking = Tracking.open(folder.resolve("store").toString());
    }

    @AfterEach
    void close() {
        tracking.close();
    }

    @Test
    void withoutGatesAnyVersionPasses() throws IOException {
        version(0.5);
        assertThat(promote(1).to()).hasValue(1);
    }

    @Test
    void aBetterVersionPassesAndTheHistoryTellsWhatWasCompared() throws IOException {
        version(0.80);
        version(0.85);
        gate(new BetterThanPresent("auc", 0.04, true));
        assertThat(promote(1).evidence()).containsEntry("gate auc", "passed: nothing to compare with");
        AliasChange change = promote(2);
        assertThat(change.from()).hasValue(1);
        assertThat(change.evidence())
                .containsEntry("auc of version 1", "0.8")
                .containsEntry("auc of version 2", "0.85")
                .containsEntry("gate auc", "passed: higher by 0.04");
    }

    @Test
    void aVersionThatIsNotBetterEnoughStaysOut() throws IOException {
        version(0.80);
        version(0.85);
        version(Double.NaN);
        gate(new BetterThanPresent("auc", 0.051, true));
        promote(1);
        assertRefused(2, "its auc is 0.85, that of version 1 is 0.8");
        assertRefused(3, "NaN");
        assertThat(tracking.registry()
                        .findByAlias(MODEL, "champion")
                        .orElseThrow()
                        .version())
                .isEqualTo(1);
        assertThat(tracking.registry().history(MODEL)).hasSize(1);
    }

    @Test
    void ofALossTheLowerOnePasses() throws IOException {
        version(0.5);
        version(0.4);
        gate(new BetterThanPresent("auc", 0, false));
        promote(1);
        promote(2);
        assertRefused(1, "lower by 0.0");
    }

    @Test
    void aVersionWithoutTheMetricStaysOut() throws IOException {
        version(0.5);
        version(0.6);
        gate(new BetterThanPresent("f1", 0, true));
        promote(1);
        assertRefused(2, "has no metric 'f1'");
    }

    @Test
    void aModelThatIsDamagedOrHasNoGoldenRowsStaysOut() throws IOException {
        version(0.5);
        gate(new GoldenRowsPass());
        assertRefused(1, "is not promoted");
    }

    /** Would catch a gate that never lets a real model through, and one that lets a wrong one through. */
    @Test
    void aModelWhoseGoldenRowsAgreePassesAndOneThatWasChangedDoesNot() throws IOException {
        Path good = model("good", 2.5f);
        register(0.5, good);
        gate(new GoldenRowsPass());
        assertThat(promote(1).evidence()).containsEntry("gate golden-rows", "passed: 2 rows");

        Path changed = model("changed", 3.5f);
        Files.copy(good.resolve("golden_rows.json"), changed.resolve("golden_rows.json"), REPLACE_EXISTING);
        register(0.5, changed);
        assertRefused(2, "golden row 0 gives 3.5, expected 2.5");
    }

    /** Would catch a disk that fills up with models, one for each promotion. */
    @Test
    void aPromotionOnAServerLeavesNoCopyOfTheModel() throws IOException {
        Path model = model("good", 2.5f);
        String marker = UUID.randomUUID() + ".txt";
        Files.writeString(model.resolve(marker), "");
        register(0.5, model);
        gate(new GoldenRowsPass());
        try (WebServer server =
                        TrackingServer.addTo(WebServer.builder(), tracking).start();
                Tracking client = RestTracking.open(server.uri().toString(), Map.of(), folder)) {
            client.resolve("models:/%s/1".formatted(MODEL));
            assertThat(copies(marker))
                    .as("what is asked for lives until the client is closed")
                    .isEqualTo(1);
            client.promote(Promotion.of(MODEL, "champion", 1).because("test"));
            assertThat(copies(marker)).isEqualTo(1);
        }
        assertThat(copies(marker)).isZero();
    }

    /** How many copies that clients on this machine made hold the file; those of other programs come and go. */
    private static long copies(String file) {
        File[] clients =
                new File(System.getProperty("java.io.tmpdir")).listFiles((in, name) -> name.startsWith("arclight-"));
        return Stream.of(Objects.requireNonNull(clients))
                .flatMap(client -> {
                    File[] copies = client.listFiles();
                    return copies == null ? Stream.empty() : Stream.of(copies);
                })
                .filter(copy -> new File(copy, file).exists())
                .count();
    }

    @Test
    void aMoveByTheRegistryItselfIsToldToHavePassedByTheGates() throws IOException {
        version(0.80);
        version(0.70);
        gate(new BetterThanPresent("auc", 0, true));
        assertThat(promote(1).evidence()).doesNotContainKey(Gate.UNCHECKED);
        tracking.registry().promote(Promotion.of(MODEL, "champion", 2).because("in a hurry"));
        assertThat(tracking.registry().history(MODEL).get(1).evidence())
                .containsExactly(Map.entry(Gate.UNCHECKED, "auc"));
        assertThat(tracking.registry()
                        .rollback(MODEL, "champion", "ada", "back")
                        .kind())
                .isEqualTo(AliasChange.Kind.ROLLBACK); // back to what once passed: no gate is asked
    }

    @Test
    void anAliasThatWasMovedMeanwhileIsAConflict() throws IOException {
        version(0.5);
        version(0.6);
        promote(1);
        Promotion promotion = Promotion.of(MODEL, "champion", 2).expecting(Optional.of(2));
        assertThatThrownBy(() -> tracking.promote(promotion))
                .isInstanceOfSatisfying(
                        ArclightException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT));
    }

    @Test
    void aGateThatCannotBeReadLetsNothingThrough() throws IOException {
        version(0.5);
        tracking.registry().setTag(MODEL, "arclight.gate.metric.auc", "whatever");
        assertRefused(1, "expected a gate such as");
        assertThatThrownBy(() -> new BetterThanPresent("golden-rows", 0, true))
                .hasMessageContaining("the name of another gate");
    }

    /** A model that predicts {@code leaf} for whatever it is given, and its golden rows. */
    private Path model(String name, float leaf) throws IOException {
        Path directory = folder.resolve(name);
        ModelWriter.xgboost(
                        XGBoostFile.ofTrees("reg:squarederror", List.of("x"), 0, List.of(new TreeNode.Leaf(leaf))),
                        Signature.table(List.of("x"), DataType.DOUBLE, 1),
                        GoldenRows.of(2, new float[] {1, 2}, 1, new float[] {leaf, leaf}, 1))
                .write(directory);
        return directory;
    }

    private void gate(Gate gate) {
        tracking.registry().setTag(MODEL, gate.key(), gate.text());
        assertThat(Gate.of(tracking.registry().load(MODEL))).containsExactly(gate);
    }

    private AliasChange promote(int version) throws IOException {
        return tracking.promote(Promotion.of(MODEL, "champion", version).because("test"));
    }

    private void assertRefused(int version, String part) {
        assertThatThrownBy(() -> promote(version))
                .isInstanceOfSatisfying(
                        ArclightException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_STATE))
                .hasMessageContaining(part);
    }

    private void version(double auc) throws IOException {
        Path directory = Files.createTempDirectory(folder, "model");
        Files.writeString(directory.resolve("MLmodel"), "flavors: {}\n");
        register(auc, directory);
    }

    private void register(double auc, Path directory) throws IOException {
        try (ActiveRun run = tracking.start(RunStart.in(tracking.experiment("e")))) {
            run.metric("auc", auc);
            tracking.registry().register(Registration.of(MODEL, run.logModel("model", directory)));
        }
    }
}
