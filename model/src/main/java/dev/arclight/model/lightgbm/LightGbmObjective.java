package dev.arclight.model.lightgbm;

import dev.arclight.base.ArclightException;
import java.util.Arrays;
import java.util.List;

/**
 * How raw scores become predictions, see {@code ConvertOutput} in LightGBM's {@code src/objective}.
 *
 * @param name as the file has it
 * @param sigmoid factor of the score in a logistic transform
 */
record LightGbmObjective(String name, Transform transform, double sigmoid) {
    enum Transform {
        NONE,
        LOGISTIC,
        SOFTMAX,
        EXP,
        SIGNED_SQUARE,
        SOFTPLUS
    }

    /** What the line {@code objective=binary sigmoid:1} says. */
    static LightGbmObjective of(String line, int classes) {
        List<String> words = List.of(line.strip().split("\\s+"));
        String name = words.get(0);
        double sigmoid = 1;
        for (String word : words) {
            if (word.startsWith("sigmoid:")) {
                try {
                    sigmoid = Double.parseDouble(word.substring(8));
                } catch (NumberFormatException e) {
                    throw LightGbmFile.damaged("the objective is '%s'".formatted(line));
                }
            }
        }
        Transform transform = switch (name) {
            case "binary", "multiclassova" -> Transform.LOGISTIC;
            case "cross_entropy" -> Transform.LOGISTIC;
            case "cross_entropy_lambda" -> Transform.SOFTPLUS;
            case "multiclass" -> Transform.SOFTMAX;
            case "poisson", "gamma", "tweedie" -> Transform.EXP;
            case "regression" -> words.contains("sqrt") ? Transform.SIGNED_SQUARE : Transform.NONE;
            case "regression_l1", "huber", "fair", "quantile", "mape", "lambdarank", "rank_xendcg", "none", "custom" ->
                Transform.NONE;
            default ->
                throw ArclightException.badInput(
                        "The LightGBM model has the objective '%s', which is not known here".formatted(name));
        };
        if (transform == Transform.SOFTMAX && classes < 2) {
            throw LightGbmFile.damaged("multiclass with %d classes".formatted(classes));
        }
        return new LightGbmObjective(name, transform, sigmoid);
    }

    /** Turns one row's scores, one for each class, into predictions in place. */
    void transform(double[] scores) {
        if (transform == Transform.SOFTMAX) {
            softmax(scores);
            return;
        }
        for (int i = 0; i < scores.length; i++) {
            double score = scores[i];
            scores[i] = switch (transform) {
                case LOGISTIC -> 1 / (1 + Math.exp(-sigmoid * score));
                case EXP -> Math.exp(score);
                case SIGNED_SQUARE -> Math.copySign(score * score, score);
                case SOFTPLUS -> Math.log1p(Math.exp(score));
                case NONE, SOFTMAX -> score;
            };
        }
    }

    private static void softmax(double[] scores) {
        double most = Arrays.stream(scores).max().orElse(0);
        double sum = 0;
        for (int i = 0; i < scores.length; i++) {
            scores[i] = Math.exp(scores[i] - most);
            sum += scores[i];
        }
        for (int i = 0; i < scores.length; i++) {
            scores[i] /= sum;
        }
    }
}
