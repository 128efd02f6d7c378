package dev.arclight.tune;

import dev.arclight.base.ArclightException;
import dev.arclight.tune.Distribution.Choice;
import dev.arclight.tune.Distribution.IntegerRange;
import dev.arclight.tune.Distribution.Normal;
import dev.arclight.tune.Distribution.Uniform;
import dev.arclight.tune.Parameter.Condition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a study, each with its distribution, in the order they were declared. Immutable.
 *
 * <pre>{@code
 * SearchSpace space = SearchSpace.builder()
 *         .quniform("max_depth", 4, 100, 1)
 *         .loguniform("learning_rate", -3, 0) // exp(-3) to 1
 *         .choice("booster", "gbtree", "dart")
 *         .when("booster", "dart", dart -> dart.uniform("rate_drop", 0, 0.5))
 *         .build();
 * }</pre>
 */
public final class SearchSpace {
    private final List<Parameter> parameters;

    private SearchSpace(List<Parameter> parameters) {
        this.parameters = List.copyOf(parameters);
    }

    public static Builder builder() {
        return new Builder(new LinkedHashMap<>(), null);
    }

    /** The names of all parameters, conditional ones included, in the order of declaration. */
    public List<String> names() {
        return parameters.stream().map(Parameter::name).toList();
    }

    /** The distribution of each parameter, in the order of declaration. */
    public Map<String, Distribution> distributions() {
        Map<String, Distribution> all = new LinkedHashMap<>();
        parameters.forEach(p -> all.put(p.name(), p.distribution()));
        return all;
    }

    List<Parameter> parameters() {
        return parameters;
    }

    /**
     * The parameters in groups of those that are always there together, parents before children: the decomposition that
     * Optuna's TPE calls "group".
     */
    List<List<Parameter>> groups() {
        Map<Object, List<Parameter>> groups = new LinkedHashMap<>();
        for (Parameter parameter : parameters) {
            Object key = parameter.condition() == null ? "always" : parameter.condition();
            groups.computeIfAbsent(key, k -> new ArrayList<>()).add(parameter);
        }
        return List.copyOf(groups.values());
    }

    @Override
    public String toString() {
        return "SearchSpace" + parameters;
    }

    /** Collects parameters. Each method refuses a name already taken and wrong bounds, naming the parameter. */
    public static final class Builder {
        private final Map<String, Parameter> parameters;
        private final @Nullable Condition condition;

        private Builder(Map<String, Parameter> parameters, @Nullable Condition condition) {
            this.parameters = parameters;
            this.condition = condition;
        }

        /** Uniform in [{@code low}, {@code high}]. */
        public Builder uniform(String name, double low, double high) {
            return add(name, () -> new Uniform(low, high, 0, false));
        }

        /** exp(uniform({@code low}, {@code high})): the bounds are natural logarithms, as Hyperopt's. */
        public Builder loguniform(String name, double low, double high) {
            return add(name, () -> new Uniform(low, high, 0, true));
        }

        /** Uniform in [{@code low}, {@code high}], rounded to a multiple of {@code step}. */
        public Builder quniform(String name, double low, double high, double step) {
            return add(name, () -> new Uniform(low, high, positive(step), false));
        }

        /** exp(uniform({@code low}, {@code high})), rounded to a multiple of {@code step}. */
        public Builder qloguniform(String name, double low, double high, double step) {
            return add(name, () -> new Uniform(low, high, positive(step), true));
        }

        /** Normal around {@code mean}, without bounds. */
        public Builder normal(String name, double mean, double deviation) {
            return add(name, () -> new Normal(mean, deviation, 0, false));
        }

        /** exp(normal({@code mean}, {@code deviation})). */
        public Builder lognormal(String name, double mean, double deviation) {
            return add(name, () -> new Normal(mean, deviation, 0, true));
        }

        /** Normal, rounded to a multiple of {@code step}. */
        public Builder qnormal(String name, double mean, double deviation, double step) {
            return add(name, () -> new Normal(mean, deviation, positive(step), false));
        }

        /** exp(normal({@code mean}, {@code deviation})), rounded to a multiple of {@code step}. */
        public Builder qlognormal(String name, double mean, double deviation, double step) {
            return add(name, () -> new Normal(mean, deviation, positive(step), true));
        }

        /** A whole number from {@code low} to {@code high}, both included. */
        public Builder integer(String name, long low, long high) {
            return add(name, () -> new IntegerRange(low, high, false));
        }

        /** A whole number from {@code low} (at least 1) to {@code high}, both included, uniform in the logarithm. */
        public Builder logInteger(String name, long low, long high) {
            return add(name, () -> new IntegerRange(low, high, true));
        }

        /** One of {@code options}: strings, numbers or booleans. */
        public Builder choice(String name, Object... options) {
            return add(name, () -> new Choice(Arrays.asList(options)));
        }

        /**
         * Adds parameters that exist only where choice {@code name} takes {@code option}. May be nested.
         *
         * @param name a choice declared before
         * @param option one of its options
         * @param nested declares the parameters
         */
        public Builder when(String name, Object option, Consumer<Builder> nested) {
            Parameter parent = parameters.get(name);
            if (parent == null || !(parent.distribution() instanceof Choice choice)) {
                throw ArclightException.badInput(
                        "Condition on '%s': declare it as a choice before parameters that depend on it; declared are %s"
                                .formatted(name, parameters.keySet()));
            }
            if (!choice.options().contains(option)) {
                throw ArclightException.badInput(
                        "Condition on '%s': %s is not one of its options %s".formatted(name, option, choice.options()));
            }
            nested.accept(new Builder(parameters, new Condition(name, option)));
            return this;
        }

        public SearchSpace build() {
            if (parameters.isEmpty()) {
                throw ArclightException.badInput("The search space is empty: declare at least one parameter");
            }
            return new SearchSpace(new ArrayList<>(parameters.values()));
        }

        private static double positive(double step) {
            if (!(step > 0)) {
                throw new IllegalArgumentException("step must be above 0, but is " + step);
            }
            return step;
        }

        private Builder add(String name, java.util.function.Supplier<Distribution> distribution) {
            if (name.isBlank() || parameters.containsKey(name)) {
                throw ArclightException.badInput(
                        name.isBlank()
                                ? "A parameter needs a name"
                                : "Parameter '%s' is declared twice: give each its own name".formatted(name));
            }
            try {
                parameters.put(name, new Parameter(name, distribution.get(), condition));
            } catch (IllegalArgumentException e) {
                throw new ArclightException(
                        dev.arclight.base.ErrorCode.BAD_INPUT, "Parameter '%s': %s".formatted(name, e.getMessage()), e);
            }
            return this;
        }
    }
}
