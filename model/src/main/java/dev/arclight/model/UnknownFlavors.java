package dev.arclight.model;

import dev.arclight.base.ArclightException;
import java.util.List;

/** Why a directory is refused of which no flavor runs here, and what would work instead. */
final class UnknownFlavors {
    private static final String BOOSTER =
            "log the booster of an XGBoost or LightGBM model (mlflow.xgboost.log_model, mlflow.lightgbm.log_model)";

    /** @param why it is refused, and what would work */
    private record Unknown(String flavor, String why) {}

    /** The library's own flavor comes before {@code python_function}, which stands beside each. */
    private static final List<Unknown> REFUSED = List.of(
            new Unknown("sklearn", "a scikit-learn object is a pickle that only Python reads: " + BOOSTER),
            new Unknown("catboost", "CatBoost's trees are not read here: " + BOOSTER),
            new Unknown("onnx", "ONNX graphs are not run here: " + BOOSTER),
            new Unknown("pytorch", "PyTorch and TorchScript models are not run here: " + BOOSTER),
            new Unknown("tensorflow", "TensorFlow and Keras models are not run here: " + BOOSTER),
            new Unknown("keras", "Keras models are not run here: " + BOOSTER),
            new Unknown(
                    "spark",
                    "a Spark ML pipeline needs Spark: score tables with it there, or train with Arclight's XGBoostEstimator, whose models are served here"),
            new Unknown(
                    "python_function",
                    "it is a Python function without the model file of a library that is read here: " + BOOSTER));

    private UnknownFlavors() {}

    static ArclightException refusal(ModelDirectory source) {
        String why = REFUSED.stream()
                .filter(unknown -> source.flavors().containsKey(unknown.flavor()))
                .map(Unknown::why)
                .findFirst()
                .orElse("none of them is known here: " + BOOSTER);
        return ArclightException.badInput(
                "The model in %s has the flavors %s; %s. To serve it as it is, use Python: mlflow models serve -m %s"
                        .formatted(source.directory(), source.flavors().keySet(), why, source.directory()));
    }
}
