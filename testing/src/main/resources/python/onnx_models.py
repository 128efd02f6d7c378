"""Trains models, converts them to ONNX, saves them by mlflow.onnx and writes what onnxruntime predicts for 10,000 rows.

For each NAME: a model directory NAME, NAME.rows and NAME.predictions (float32, all inputs and all outputs of a row side
by side). models.json is an array of {name, features, outputs, body, answer}: what MLflow's server answers to a body, where
pyfunc can.
"""
import json
import pathlib
import sys

import mlflow
import mlflow.onnx
import numpy as np
import onnxruntime
import pandas as pd
from mlflow.models import Model, infer_signature
from mlflow.pyfunc.scoring_server import predictions_to_json
from onnx import TensorProto, helper, numpy_helper
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType, Int64TensorType
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import GradientBoostingRegressor, RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.neural_network import MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

OUT = pathlib.Path(sys.argv[1])
ROWS = 10_000
NAMES = ["fixed acidity", "pH", "alcohol", "is_red"]
random = np.random.default_rng(8)
made = []


def table(rows):
    x = random.normal(size=(rows, 4)).astype(np.float32) * np.float32([3, 0.2, 1, 1]) + np.float32([7, 3.2, 10, 0])
    x[:, 3] = x[:, 3] > 0
    return x


def signal(x):
    return (x[:, 0] - 7) / 3 + (x[:, 1] - 3.2) * (x[:, 2] - 10) * 5 + x[:, 3]


X = table(3000)
Z = signal(X) + random.normal(size=len(X)) * 0.1
frame = pd.DataFrame(X.astype(np.float64), columns=NAMES).astype({"is_red": np.int64})
scored = table(ROWS)


def flat(results):
    columns = []
    for result in results:
        if isinstance(result, list):  # of maps
            result = np.array([[row[key] for key in sorted(row)] for row in result])
        columns.append(np.asarray(result).reshape(ROWS, -1))
    return np.concatenate(columns, axis=1)


def save(name, graph, signature, feeds, rows=None, example=None, body=None, golden=0):
    rows = np.concatenate([feed.reshape(ROWS, -1) for feed in feeds.values()], axis=1) if rows is None else rows
    session = onnxruntime.InferenceSession(graph.SerializeToString(), providers=["CPUExecutionProvider"])
    predictions = flat(session.run(None, feeds))
    mlflow.onnx.save_model(graph, str(OUT / name), signature=signature, pip_requirements=["onnxruntime"])
    rows.astype("<f4").tofile(OUT / f"{name}.rows")
    predictions.astype("<f4").tofile(OUT / f"{name}.predictions")
    if golden:
        def cells(values):
            return [[float(v) for v in row] for row in values[:golden].astype(np.float32)]
        (OUT / name / "golden_rows.json").write_text(
            json.dumps({"rows": cells(rows), "predictions": cells(predictions)}))
        saved = Model.load(str(OUT / name))
        saved.add_flavor("arclight", golden_rows="golden_rows.json").save(str(OUT / name / "MLmodel"))
    answer = ""
    if body:
        from io import StringIO
        said = StringIO()
        predictions_to_json(mlflow.pyfunc.load_model(str(OUT / name)).predict(example), said)
        answer = said.getvalue()
    made.append(dict(name=name, features=rows.shape[1], outputs=predictions.shape[1], body=body or "", answer=answer))


def split(count):
    return json.dumps({"dataframe_split": frame.head(count).to_dict(orient="split")})


def columns_to(output):
    return infer_signature(frame, output)


def tabular(name, model, target, output, body=None, golden=0, **options):
    model.fit(X, target)
    graph = to_onnx(model, X[:1], options={id(model): options} if options else None, target_opset=17)
    save(name, graph, columns_to(output), {graph.graph.input[0].name: scored},
         example=frame.head(3), body=body, golden=golden)


REGRESSION = pd.DataFrame({"variable": np.float32([1])})
tabular("regressor", GradientBoostingRegressor(n_estimators=40, random_state=1), Z, REGRESSION, split(3), golden=20)
tabular("binary", LogisticRegression(), Z > 0.5, pd.DataFrame({"output_label": [1]}), split(3))
tabular("multiclass", RandomForestClassifier(20, max_depth=8, random_state=1), np.digitize(Z, [-1, 1]),
        pd.DataFrame({"label": [1]}), golden=20, zipmap=False)
tabular("pipeline", make_pipeline(StandardScaler(), LogisticRegression()), np.digitize(Z, [-1, 1]),
        pd.DataFrame({"label": [1]}), zipmap=False)

network = make_pipeline(StandardScaler(), MLPRegressor(hidden_layer_sizes=(16, 8), max_iter=40, random_state=1)).fit(X, Z)
graph = to_onnx(network, X[:1], target_opset=17)
save("tensor", graph, infer_signature(X[:2], {"variable": np.float32([[1]])}), {"X": scored},
     example=scored[:3], body=json.dumps({"inputs": scored[:3].tolist()}))

# One input a column, two of them whole numbers; skl2onnx would write a blank in a name as an underscore.
whole = scored.copy()
whole[:, 0] = np.round(whole[:, 0])
UNDERSCORED = [name.replace(" ", "_") for name in NAMES]
INTEGERS = ("fixed_acidity", "is_red")
by_column = make_pipeline(ColumnTransformer([("all", "passthrough", [0, 1, 2, 3])]), StandardScaler(), LogisticRegression())
by_column.fit(pd.DataFrame(X, columns=UNDERSCORED), Z > 0.5)
graph = to_onnx(by_column, initial_types=[(name, (Int64TensorType if name in INTEGERS else FloatTensorType)([None, 1]))
                                          for name in UNDERSCORED], options={"zipmap": False}, target_opset=17)
feeds = {name: whole[:, [i]].astype(np.int64 if name in INTEGERS else np.float32) for i, name in enumerate(UNDERSCORED)}
typed = frame.set_axis(UNDERSCORED, axis=1).astype({"fixed_acidity": np.int64})
save("columns", graph, infer_signature(typed, pd.DataFrame({"label": [1]})), feeds, rows=whole)

# Two named tensors of more dimensions, two outputs of more dimensions: y = reduce(image * weight) and image + count.
weight = random.normal(size=(3, 2)).astype(np.float32)
graph = helper.make_model(helper.make_graph(
    [helper.make_node("Cast", ["count"], ["as_float"], to=TensorProto.FLOAT),
     helper.make_node("Unsqueeze", ["as_float", "last"], ["wide"]),
     helper.make_node("Add", ["image", "wide"], ["shifted"]),
     helper.make_node("Mul", ["image", "weight"], ["weighted"]),
     helper.make_node("ReduceSum", ["weighted", "dims"], ["sum"], keepdims=0)],
    "two", [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["n", 3, 2]),
            helper.make_tensor_value_info("count", TensorProto.INT64, ["n", 3])],
    [helper.make_tensor_value_info("sum", TensorProto.FLOAT, ["n"]),
     helper.make_tensor_value_info("shifted", TensorProto.FLOAT, ["n", 3, 2])],
    [numpy_helper.from_array(weight, "weight"), numpy_helper.from_array(np.int64([2]), "last"),
     numpy_helper.from_array(np.int64([1, 2]), "dims")]), opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
feeds = {"image": random.normal(size=(ROWS, 3, 2)).astype(np.float32), "count": random.integers(0, 9, (ROWS, 3))}
example = {name: feed[:2] for name, feed in feeds.items()}
save("tensors", graph, infer_signature(example, {"sum": np.float32([1]), "shifted": np.zeros((1, 3, 2), np.float32)}),
     feeds, example=example, body=json.dumps({"inputs": {name: feed.tolist() for name, feed in example.items()}}))

# Refused: an operator set that nobody has, text, 64-bit floats, golden rows of another model.
graph = to_onnx(network, X[:1], target_opset=17)
for entry in graph.opset_import:
    if entry.domain == "":
        entry.version = 999
mlflow.onnx.save_model(to_onnx(network, X[:1], target_opset=17),
                       str(OUT / "future"), pip_requirements=["onnxruntime"], save_as_external_data=False)
(OUT / "future" / "model.onnx").write_bytes(graph.SerializeToString())
words = LogisticRegression().fit(X, np.where(Z > 0.5, "good", "bad"))
mlflow.onnx.save_model(to_onnx(words, X[:1], target_opset=17), str(OUT / "words"), pip_requirements=["onnxruntime"])
wide = LinearRegression().fit(X.astype(np.float64), Z)
mlflow.onnx.save_model(to_onnx(wide, X[:1].astype(np.float64), target_opset=17), str(OUT / "wide"),
                       pip_requirements=["onnxruntime"])
(OUT / "models.json").write_text(json.dumps(made))
