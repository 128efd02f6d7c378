package dev.arclight.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.arclight.base.ArclightException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.DoublePredicate;
import org.junit.jupiter.api.Test;

class SearchSpaceTest {
    private static final History NOTHING = new History(List.of(), List.of());
    private static final int DRAWS = 20_000;

    private static double[] draws(SearchSpace space, String name) {
        SplittableRandom random = new SplittableRandom(8);
        double[] values = new double[DRAWS];
        for (int i = 0; i < DRAWS; i++) {
            Map<String, Object> drawn = Sampler.random().suggest(space, NOTHING, i, random);
            values[i] = ((Number) drawn.getOrDefault(name, 0)).doubleValue();
        }
        return values;
    }

    private static double share(double[] values, DoublePredicate where) {
        return java.util.Arrays.stream(values).filter(where).count() / (double) values.length;
    }

    /** Shares by hand from the definitions; 0.015 is four standard deviations of a share of 20,000 draws. */
    @Test
    void distributionsMeanWhatTheyMeanInHyperopt() {
        SearchSpace space = SearchSpace.builder()
                .uniform("u", -2, 6)
                .loguniform("lu", -3, 0)
                .quniform("qu", 4, 7, 1)
                .qloguniform("qlu", 0, Math.log(4), 1)
                .normal("n", 1, 2)
                .lognormal("ln", 0, 1)
                .qnormal("qn", 0, 1, 1)
                .qlognormal("qln", 0, 1, 2)
                .integer("i", 1, 4)
                .logInteger("li", 1, 8)
                .build();
        assertThat(share(draws(space, "u"), v -> v < 0)).isCloseTo(0.25, within(0.015));
        assertThat(share(draws(space, "u"), v -> v < -2 || v > 6)).isZero();
        assertThat(share(draws(space, "lu"), v -> v < Math.exp(-1.5))).isCloseTo(0.5, within(0.015));
        assertThat(share(draws(space, "lu"), v -> v < Math.exp(-3) || v > 1)).isZero();
        // round(uniform(4, 7)): the ends have half a cell each.
        assertThat(share(draws(space, "qu"), v -> v == 4)).isCloseTo(1 / 6.0, within(0.015));
        assertThat(share(draws(space, "qu"), v -> v == 5)).isCloseTo(1 / 3.0, within(0.015));
        assertThat(share(draws(space, "qlu"), v -> v == 1)).isCloseTo(Math.log(1.5) / Math.log(4), within(0.015));
        assertThat(share(draws(space, "n"), v -> v < -1)).isCloseTo(0.1587, within(0.015));
        assertThat(share(draws(space, "ln"), v -> v < 1)).isCloseTo(0.5, within(0.015));
        assertThat(share(draws(space, "qn"), v -> v == 0)).isCloseTo(0.3829, within(0.015));
        assertThat(share(draws(space, "qln"), v -> v == 0)).isCloseTo(0.5, within(0.015));
        assertThat(share(draws(space, "i"), v -> v == 4)).isCloseTo(0.25, within(0.015));
        // Uniform in the logarithm of [0.5, 8.5].
        assertThat(share(draws(space, "li"), v -> v == 1)).isCloseTo(Math.log(3) / Math.log(17), within(0.015));
        assertThat(share(draws(space, "li"), v -> v < 1 || v > 8)).isZero();
    }

    @Test
    void conditionalParametersAreThereOnlyUnderTheirOption() {
        SearchSpace space = SearchSpace.builder()
                .choice("kind", "linear", "tree")
                .when(
                        "kind",
                        "tree",
                        tree -> tree.integer("depth", 1, 9)
                                .choice("split", "best", "random")
                                .when("split", "random", random -> random.uniform("share", 0, 1)))
                .build();
        for (Sampler sampler : List.of(Sampler.random(), Sampler.tpe(), Sampler.univariateTpe())) {
            StudyResult result = Study.over(space)
                    .trials(80)
                    .sampler(sampler)
                    .run(trial -> trial.has("share") ? trial.real("share") : 1);
            assertThat(result.trials()).allSatisfy(trial -> {
                Map<String, Object> p = trial.parameters();
                assertThat(p.containsKey("depth")).isEqualTo("tree".equals(p.get("kind")));
                assertThat(p.containsKey("share")).isEqualTo("random".equals(p.get("split")));
            });
            assertThat(result.bestValue()).isLessThan(0.2);
        }
    }

    @Test
    void theGridHoldsEveryCombinationOnce() {
        SearchSpace space = SearchSpace.builder()
                .choice("kind", "linear", "tree")
                .when("kind", "tree", tree -> tree.integer("depth", 1, 2))
                .uniform("x", 0, 1)
                .build();
        List<String> points = new ArrayList<>();
        Study.over(space).sampler(Sampler.grid(3)).trials(9).run(trial -> {
            points.add(trial.parameters().toString());
            return 0;
        });
        assertThat(points)
                .containsExactly(
                        "{kind=linear, x=0.0}",
                        "{kind=linear, x=0.5}",
                        "{kind=linear, x=1.0}",
                        "{kind=tree, depth=1, x=0.0}",
                        "{kind=tree, depth=1, x=0.5}",
                        "{kind=tree, depth=1, x=1.0}",
                        "{kind=tree, depth=2, x=0.0}",
                        "{kind=tree, depth=2, x=0.5}",
                        "{kind=tree, depth=2, x=1.0}");
        assertThatThrownBy(() ->
                        Study.over(space).sampler(Sampler.grid(3)).trials(10).run(trial -> 0))
                .hasMessage("The grid has 9 points: ask for at most so many trials");
    }

    @Test
    void wrongSpacesAreRefusedByParameter() {
        assertThatThrownBy(() -> SearchSpace.builder().uniform("depth", 5, 4))
                .isInstanceOf(ArclightException.class)
                .hasMessage(
                        "Parameter 'depth': low must be at most high and both finite, but low is 5.0 and high is 4.0");
        assertThatThrownBy(() -> SearchSpace.builder().uniform("a", 0, 1).uniform("a", 0, 2))
                .hasMessage("Parameter 'a' is declared twice: give each its own name");
        assertThatThrownBy(() -> SearchSpace.builder().choice("kind", "tree").when("kind", "forest", b -> {}))
                .hasMessage("Condition on 'kind': forest is not one of its options [tree]");
        assertThatThrownBy(() -> SearchSpace.builder().build()).hasMessageStartingWith("The search space is empty");
    }
}
