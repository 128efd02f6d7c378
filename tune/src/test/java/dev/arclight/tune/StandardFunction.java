package dev.arclight.tune;

import java.util.function.ToDoubleFunction;

/** Functions to minimise, the same as in {@code optuna_functions.py}. */
@SuppressWarnings("ImmutableEnumChecker") // a search space and a function without state are immutable, unannotated
enum StandardFunction {
    BRANIN(SearchSpace.builder().uniform("x", -5, 10).uniform("y", 0, 15).build(), 0.397887357729738, t -> {
        double x = t.real("x");
        double y = t.real("y");
        return Math.pow(y - 5.1 / (4 * Math.PI * Math.PI) * x * x + 5 / Math.PI * x - 6, 2)
                + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x)
                + 10;
    }),
    HARTMANN(cube(6, 0, 1), -3.32236801141551, t -> {
        double sum = 0;
        for (int i = 0; i < 4; i++) {
            double inner = 0;
            for (int j = 0; j < 6; j++) {
                inner += Hartmann.A[i][j] * Math.pow(t.real("x" + j) - 1e-4 * Hartmann.P[i][j], 2);
            }
            sum += Hartmann.ALPHA[i] * Math.exp(-inner);
        }
        return -sum;
    }),
    ROSENBROCK(cube(5, -5, 10), 0, t -> {
        double sum = 0;
        for (int i = 0; i < 4; i++) {
            double x = t.real("x" + i);
            sum += 100 * Math.pow(t.real("x" + (i + 1)) - x * x, 2) + Math.pow(1 - x, 2);
        }
        return sum;
    }),
    ACKLEY(cube(10, -32.768, 32.768), 0, t -> {
        double squares = 0;
        double cosines = 0;
        for (int i = 0; i < 10; i++) {
            double x = t.real("x" + i);
            squares += x * x;
            cosines += Math.cos(2 * Math.PI * x);
        }
        return -20 * Math.exp(-0.2 * Math.sqrt(squares / 10)) - Math.exp(cosines / 10) + 20 + Math.E;
    }),
    CONDITIONAL(
            SearchSpace.builder()
                    .choice("kind", "line", "bowl", "steps")
                    .when("kind", "line", b -> b.uniform("x", -5, 5))
                    .when("kind", "bowl", b -> b.uniform("y", -5, 5).uniform("z", -5, 5))
                    .when("kind", "steps", b -> b.integer("n", 1, 10).loguniform("w", Math.log(1e-5), 0))
                    .build(),
            0,
            t -> switch (t.choice("kind")) {
                case "line" -> Math.abs(t.real("x") - 1) + 0.5;
                case "bowl" -> Math.pow(t.real("y") - 2, 2) + Math.pow(t.real("z") + 1, 2) + 0.1;
                default -> 0.1 * Math.pow(t.integer("n") - 7, 2) + Math.pow(Math.log10(t.real("w") / 0.01), 2);
            }),
    MIXED(
            SearchSpace.builder()
                    .uniform("x", -3, 3)
                    .loguniform("y", Math.log(1e-4), 0)
                    .integer("n", 0, 20)
                    .logInteger("m", 1, 64)
                    .choice("c", "a", "b", "c", "d")
                    .choice("d", "yes", "no")
                    .build(),
            0,
            t -> {
                double shift = switch (t.choice("c")) {
                    case "a" -> 0;
                    case "b" -> 1;
                    case "c" -> -1;
                    default -> 2;
                };
                return Math.pow(t.real("x") - shift, 2)
                        + Math.pow(Math.log10(t.real("y")) + 2, 2)
                        + 0.05 * Math.pow(t.integer("n") - 13, 2)
                        + 0.5 * Math.pow(Math.log(t.integer("m") / 8.0) / Math.log(2), 2)
                        + (t.choice("c").equals("b") ? 0 : 0.7)
                        + (t.choice("d").equals("no") ? 0 : 0.4);
            });

    private final SearchSpace space;
    private final double minimum;
    private final ToDoubleFunction<Trial> function;

    StandardFunction(SearchSpace space, double minimum, ToDoubleFunction<Trial> function) {
        this.space = space;
        this.minimum = minimum;
        this.function = function;
    }

    SearchSpace space() {
        return space;
    }

    double minimum() {
        return minimum;
    }

    double of(Trial trial) {
        return function.applyAsDouble(trial);
    }

    private static SearchSpace cube(int dimensions, double low, double high) {
        SearchSpace.Builder builder = SearchSpace.builder();
        for (int i = 0; i < dimensions; i++) {
            builder.uniform("x" + i, low, high);
        }
        return builder.build();
    }

    /** Constants of Hartmann's function in six dimensions. */
    private static final class Hartmann {
        static final double[] ALPHA = {1.0, 1.2, 3.0, 3.2};
        static final double[][] A = {
            {10, 3, 17, 3.5, 1.7, 8},
            {0.05, 10, 17, 0.1, 8, 14},
            {3, 3.5, 1.7, 10, 17, 8},
            {17, 8, 0.05, 10, 0.1, 14}
        };
        static final double[][] P = {
            {1312, 1696, 5569, 124, 8283, 5886},
            {2329, 4135, 8307, 3736, 1004, 9991},
            {2348, 1451, 3522, 2883, 3047, 6650},
            {4047, 8828, 8732, 5743, 1091, 381}
        };

        private Hartmann() {}
    }
}
