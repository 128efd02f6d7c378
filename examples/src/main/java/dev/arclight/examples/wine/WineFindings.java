package dev.arclight.examples.wine;

import dev.arclight.tables.profile.Profile;
import dev.arclight.tables.profile.ProfileOptions;
import dev.arclight.track.AliasChange;
import dev.arclight.track.ModelVersion;
import dev.arclight.track.Tracking;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/**
 * Everything a demo found out, for the report and the summary.
 *
 * @param profile of all rows, by label
 * @param forestVersion the forest's version in the registry
 * @param sweepVersion the best booster's
 * @param champion the version that the alias names at the end
 * @param championAuc test AUC of the champion as loaded back from the registry
 * @param history moves of the alias, oldest first
 * @param batchSeconds wall time of scoring and writing
 * @param scores of the unseen rows that were sent to the server
 * @param seconds wall time by step
 */
record WineFindings(
        WineDemo.Options options,
        Profile profile,
        WineData.Parts parts,
        WineLifecycle.Trained forest,
        ModelVersion forestVersion,
        WineLifecycle.Sweep sweep,
        ModelVersion sweepVersion,
        ModelVersion champion,
        double championAuc,
        List<AliasChange> history,
        long batchRows,
        double batchSeconds,
        URI server,
        ServingCheck.Result serving,
        List<Float> scores,
        Map<String, Double> seconds) {

    /** The outcome in a line. */
    String headline() {
        return "Champion: version %d, test AUC %.4f (forest %.4f, best of %d trials %.4f)"
                .formatted(
                        champion.version(),
                        championAuc,
                        forest.testAuc(),
                        options.evals(),
                        sweep.best().testAuc());
    }

    boolean generated() {
        return options.data().isEmpty() && options.splits().isEmpty();
    }

    /** Whether the same command gives the same result again. */
    boolean reproducible() {
        return options.parallelism() <= dev.arclight.tune.Study.REPRODUCIBLE_PARALLELISM;
    }

    /** Collects findings step by step. */
    static final class Builder {
        private final WineDemo.Options options;
        private final Map<Integer, Double> logged = new LinkedHashMap<>();
        private @Nullable Profile profile;
        private WineData.@Nullable Parts parts;
        private WineLifecycle.@Nullable Trained forest;
        private @Nullable ModelVersion forestVersion;
        private WineLifecycle.@Nullable Sweep sweep;
        private @Nullable ModelVersion sweepVersion;
        private @Nullable ModelVersion champion;
        private double championAuc;
        private long batchRows;
        private double batchSeconds;
        private @Nullable URI server;
        private ServingCheck.@Nullable Result serving;

        Builder(WineDemo.Options options) {
            this.options = options;
        }

        Profile profile(Dataset<Row> rows) {
            Profile made = Profile.of(rows, ProfileOptions.defaults().withGroupBy("label"));
            profile = made;
            return made;
        }

        void parts(WineData.Parts found) {
            parts = found;
        }

        ModelVersion forest(WineLifecycle.Trained trained, ModelVersion version) {
            forest = trained;
            forestVersion = version;
            logged.put(version.version(), trained.testAuc());
            return version;
        }

        ModelVersion sweep(WineLifecycle.Sweep found, ModelVersion version) {
            sweep = found;
            sweepVersion = version;
            logged.put(version.version(), found.best().testAuc());
            return version;
        }

        void champion(ModelVersion version, double auc) {
            champion = version;
            championAuc = auc;
        }

        /** The test AUC with which this run logged a version; empty if an earlier run did. */
        Optional<Double> loggedAuc(int version) {
            return Optional.ofNullable(logged.get(version));
        }

        double batch(long rows, double seconds) {
            batchRows = rows;
            batchSeconds = seconds;
            return seconds;
        }

        ServingCheck.Result serving(URI uri, ServingCheck.Result result) {
            server = uri;
            serving = result;
            return result;
        }

        WineFindings build(Tracking tracking, List<Row> scored, Map<String, Double> seconds) {
            return new WineFindings(
                    options,
                    Objects.requireNonNull(profile),
                    Objects.requireNonNull(parts),
                    Objects.requireNonNull(forest),
                    Objects.requireNonNull(forestVersion),
                    Objects.requireNonNull(sweep),
                    Objects.requireNonNull(sweepVersion),
                    Objects.requireNonNull(champion),
                    championAuc,
                    tracking.registry().history(WineLifecycle.MODEL, WineLifecycle.CHAMPION),
                    batchRows,
                    batchSeconds,
                    Objects.requireNonNull(server),
                    Objects.requireNonNull(serving),
                    scored.stream().map(row -> row.getFloat(row.size() - 1)).toList(),
                    seconds);
        }
    }
}
