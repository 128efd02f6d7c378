package dev.arclight.model;

import dev.arclight.base.ArclightException;
import java.util.List;

/** Why a directory is refused of which no flavor runs here, and what would work instead. */
final class UnknownFlavors {
    private static final String BOOSTER =
            "log the booster of an XGBoost or LightGBM model (mlflow.xgboost.log_model, mlflow.lightgbm.log_model)";

    /** @param why it is refused, and what would work */
    private record Unknown(String flavor, String why) {}

    /** What works for nearly all others. */
    private static String asGraph(String how) {
        return "convert it to ONNX (%s), log that (mlflow.onnx.log_model) and run 'arclight install onnx' here"
                .formatted(how);
    }

    /** The library's own flavor comes before {@code python_function}, which stands beside each. */
    private static final List<Unknown> REFUSED = List.of(
            new Unknown(
                    "sklearn",
                    "a scikit-learn object is a pickle that only Python reads: " + asGraph("skl2onnx.to_onnx")),
            new Unknown(
                    "catboost",
                    "CatBoost's trees are not read here: " + asGraph("model.save_model(file, format=\"onnx\")")),
            new Unknown(
                    "pytorch", "a PyTorch model is a pickle that only Python reads: " + asGraph("torch.onnx.export")),
            new Unknown("torchscript", "TorchScript files are not run here: " + asGraph("torch.onnx.export")),
            new Unknown("tensorflow", "TensorFlow and Keras models are not run here: " + asGraph("tf2onnx")),
            new Unknown("keras", "Keras models are not run here: " + asGraph("model.export(file, format=\"onnx\")")),
            new Unknown(
                    "spark",
                    "a Spark ML pipeline needs Spark: score tables with it there, train with Arclight's XGBoostEstimator, whose models are served here, or "
                            + asGraph("onnxmltools.convert_sparkml")),
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
