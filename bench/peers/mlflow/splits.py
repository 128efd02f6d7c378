"""Writes train.csv, val.csv and test.csv: both colours of wine, quality of 7 or more is the label (last column), split
60/20/20 with seed 123 as in MLflow's end-to-end notebook."""
import argparse
import json
from importlib.metadata import version
from pathlib import Path

import pandas as pd
from sklearn.model_selection import train_test_split

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--data", type=Path, required=True)
parser.add_argument("--to", type=Path, required=True)
arguments = parser.parse_args()

colours = []
for colour in ("red", "white"):
    table = pd.read_csv(arguments.data / f"winequality-{colour}.csv", sep=";")
    table["is_red"] = int(colour == "red")
    colours.append(table)
table = pd.concat(colours, ignore_index=True)
table.columns = [name.replace(" ", "_") for name in table.columns]
table["label"] = (table.pop("quality") >= 7).astype(int)
train, rest = train_test_split(table, train_size=0.6, random_state=123)
val, test = train_test_split(rest, test_size=0.5, random_state=123)

arguments.to.mkdir(parents=True, exist_ok=True)
for name, part in (("train", train), ("val", val), ("test", test)):
    part.to_csv(arguments.to / f"{name}.csv", index=False)
print(json.dumps({"rows": [len(train), len(val), len(test)],
                  "versions": {name: version(name) for name in ("pandas", "scikit-learn")}}))
