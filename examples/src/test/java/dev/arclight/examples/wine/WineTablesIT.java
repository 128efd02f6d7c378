package dev.arclight.examples.wine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.arclight.testing.Needs;
import dev.arclight.testing.PythonEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WineTablesIT {
    /**
     * Compares two folders of wine tables. The forest is trained and tested on different wines: duplicates, of which
     * both have many, never come into both halves.
     */
    private static final String COMPARE = """
            import json, sys
            import numpy as np, pandas as pd
            from scipy.stats import ks_2samp
            from sklearn.ensemble import RandomForestClassifier
            from sklearn.metrics import roc_auc_score
            from sklearn.model_selection import StratifiedGroupKFold
            def load(folder):
                return {c: pd.read_csv(f"{folder}/winequality-{c}.csv", sep=";") for c in ("red", "white")}
            def auc(tables):
                d = pd.concat([t.assign(is_red=int(c == "red")) for c, t in tables.items()], ignore_index=True)
                y = (d.pop("quality") >= 7).astype(int)
                groups = d.groupby(list(d.columns)).ngroup()
                folds = StratifiedGroupKFold(5, shuffle=True, random_state=7).split(d, y, groups)
                return float(np.mean([roc_auc_score(y[b], RandomForestClassifier(100, random_state=7, n_jobs=2)
                    .fit(d.iloc[a], y[a]).predict_proba(d.iloc[b])[:, 1]) for a, b in folds]))
            real, made = load(sys.argv[1]), load(sys.argv[2])
            out = dict(auc_real=auc(real), auc_made=auc(made), colours={})
            for c in real:
                r, m = real[c], made[c]
                out["colours"][c] = dict(
                    ks={k: float(ks_2samp(r[k], m[k]).statistic) for k in r},
                    spearman=float(np.abs(r.corr("spearman") - m.corr("spearman")).values.max()),
                    duplicates=[float(r.duplicated().mean()), float(m.duplicated().mean())],
                    good=[float((r.quality >= 7).mean()), float((m.quality >= 7).mean())],
                    same=int(len(r.drop_duplicates().merge(m.drop_duplicates()))))
            print(json.dumps(out))
            """;

    @TempDir
    Path folder;

    @Test
    void generatedWinesAreLikeTheRealOnesAndNoneOfThem() throws IOException {
        Path real = Needs.data("wine");
        PythonEnvironment python = PythonEnvironment.open("tables");
        Path made = folder.resolve("made");
        WineTables.write(made, 11);
        Path script = Files.writeString(folder.resolve("compare.py"), COMPARE);
        JsonNode compared = new JsonMapper().readTree(python.run(Duration.ofMinutes(3), script, real, made));
        assertThat(compared.get("auc_made").asDouble())
                .as(compared.toString())
                .isCloseTo(compared.get("auc_real").asDouble(), within(0.05));
        for (String colour : List.of("red", "white")) {
            JsonNode one = compared.get("colours").get(colour);
            // Two samples of one distribution differ by up to 0.06 (1,599 rows, 99%); the rest is the quantile table.
            one.get("ks")
                    .forEach(distance -> assertThat(distance.asDouble())
                            .as(compared.toString())
                            .isLessThan(0.1));
            assertThat(one.get("spearman").asDouble()).as(compared.toString()).isLessThan(0.15);
            assertThat(one.at("/duplicates/1").asDouble())
                    .isCloseTo(one.at("/duplicates/0").asDouble(), within(0.04));
            assertThat(one.at("/good/1").asDouble()).isCloseTo(one.at("/good/0").asDouble(), within(0.04));
            assertThat(one.get("same").asInt()).isZero();
        }
    }

    @Test
    void theFilesLookLikeUcisAndTheSeedMakesThem() throws IOException {
        WineTables.write(folder.resolve("one"), 3, 40);
        WineTables.write(folder.resolve("again"), 3, 40);
        WineTables.write(folder.resolve("other"), 4, 40);
        for (String name :
                List.of("winequality-red.csv", "winequality-white.csv", "unseen-red.csv", "unseen-white.csv")) {
            Path one = folder.resolve("one").resolve(name);
            assertThat(one).hasSameBinaryContentAs(folder.resolve("again").resolve(name));
            assertThat(Files.mismatch(one, folder.resolve("other").resolve(name)))
                    .isNotNegative();
        }
        assertThat(Files.readAllLines(folder.resolve("one/winequality-red.csv")))
                .hasSize(1_600)
                .startsWith("\"fixed acidity\";\"volatile acidity\";\"citric acid\";\"residual sugar\";\"chlorides\";"
                        + "\"free sulfur dioxide\";\"total sulfur dioxide\";\"density\";\"pH\";\"sulphates\";"
                        + "\"alcohol\";\"quality\"");
        assertThat(Files.readAllLines(folder.resolve("one/winequality-white.csv")))
                .hasSize(4_899);
        assertThat(Files.readAllLines(folder.resolve("one/unseen-red.csv"))).hasSize(11);
        assertThat(Files.readAllLines(folder.resolve("one/unseen-white.csv"))).hasSize(31);
    }
}
