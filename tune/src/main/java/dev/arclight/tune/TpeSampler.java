package dev.arclight.tune;

import dev.arclight.tune.History.Observation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/**
 * Tree-structured Parzen estimator (Bergstra, Bardenet, Bengio and Kégl 2011, "Algorithms for hyper-parameter
 * optimization", section 4) in the multivariate form that Optuna documents (Falkner, Klein and Hutter 2018, "BOHB"):
 * known trials are split into the best min(ceil(0.15 n), 25) and the rest, a kernel density is laid over each (l and
 * g), 24 candidates are drawn from l as whole vectors, and the one with the greatest l/g is tried.
 *
 * <p>Conditional spaces are decomposed into groups of parameters that are always there together, each group with its
 * own pair of densities over the trials that had it (Optuna's {@code group=True}). Trials not known yet count as bad
 * (constant liar), which keeps parallel trials apart. Where settings say so, each parameter is estimated by itself, as
 * in the paper and in Hyperopt.
 */
final class TpeSampler extends Sampler {
    private static final int CANDIDATES = 24;

    private final TpeSettings settings;

    TpeSampler(TpeSettings settings) {
        this.settings = settings;
    }

    @Override
    Map<String, Object> suggest(SearchSpace space, History history, int number, SplittableRandom random) {
        List<Observation> finished = history.finished();
        if (finished.size() < settings.startUpTrials()) {
            return new RandomSampler().suggest(space, history, number, random);
        }
        Set<Observation> good = good(finished);
        Map<String, Object> chosen = new LinkedHashMap<>();
        List<List<Parameter>> groups = settings.joint()
                ? space.groups()
                : space.parameters().stream().map(List::of).toList();
        for (List<Parameter> group : groups) {
            if (group.get(0).isActive(chosen)) {
                suggestGroup(group, history, good, random, chosen);
            }
        }
        // Groups may interleave in the declaration.
        Map<String, Object> ordered = new LinkedHashMap<>();
        for (Parameter parameter : space.parameters()) {
            Object value = chosen.get(parameter.name());
            if (value != null) {
                ordered.put(parameter.name(), value);
            }
        }
        return ordered;
    }

    private void suggestGroup(
            List<Parameter> group,
            History history,
            Set<Observation> good,
            SplittableRandom random,
            Map<String, Object> chosen) {
        String anyName = group.get(0).name();
        List<Map<String, Object>> below = new ArrayList<>();
        List<Map<String, Object>> above = new ArrayList<>();
        for (Observation observation : history.finished()) {
            if (observation.parameters().containsKey(anyName)) {
                (good.contains(observation) ? below : above).add(observation.parameters());
            }
        }
        for (Map<String, Object> pending : history.pending()) {
            if (pending.containsKey(anyName)) {
                above.add(pending);
            }
        }
        List<Axis> axes = group.stream().map(p -> Axis.of(p.distribution())).toList();
        List<String> names = group.stream().map(Parameter::name).toList();
        ParzenEstimator likely = new ParzenEstimator(axes, names, below, settings.joint());
        ParzenEstimator unlikely = new ParzenEstimator(axes, names, above, settings.joint());
        Object[] best = likely.draw(random);
        double bestScore = likely.logDensity(best) - unlikely.logDensity(best);
        for (int i = 1; i < CANDIDATES; i++) {
            Object[] candidate = likely.draw(random);
            double score = likely.logDensity(candidate) - unlikely.logDensity(candidate);
            if (score > bestScore) {
                bestScore = score;
                best = candidate;
            }
        }
        for (int i = 0; i < best.length; i++) {
            chosen.put(names.get(i), best[i]);
        }
    }

    /** Completed trials by loss, then pruned ones by how far they came; of equals the earlier. */
    private Set<Observation> good(List<Observation> finished) {
        return finished.stream()
                .sorted(Comparator.comparingInt((Observation o) -> o.prunedAt() < 0 ? 0 : 1)
                        .thenComparing(
                                Comparator.comparingInt(Observation::prunedAt).reversed())
                        .thenComparingDouble(Observation::loss))
                .limit(settings.good(finished.size()))
                .collect(Collectors.toCollection(() -> java.util.Collections.newSetFromMap(new IdentityHashMap<>())));
    }
}
