"""Tables as pandas and pyarrow write them, Parquet and Arrow, to the server; Parquet from its log of requests.

usage: tables.py send SERVER_URI FOLDER    posts one table in many forms; keeps it, and the answers, in FOLDER
       tables.py log LOG_FOLDER FOLDER     compares what the server kept with what was sent and answered
"""
import io
import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import requests

mode, at, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3])


def frame():
    rng = np.random.default_rng(4)
    n = 3000
    return pd.DataFrame({
        "count": rng.integers(0, 3, n),
        "is_red": rng.integers(0, 2, n).astype(bool),
        "text": ["passed over"] * n,
        "pH": rng.normal(size=n).astype("float32"),
        "fixed acidity": pd.array(np.where(rng.random(n) < 0.1, np.nan, rng.normal(size=n).round(1)), "Float64"),
        "note": np.where(rng.random(n) < 0.5, np.nan, rng.normal(size=n)),
    })


def post(body, kind):
    return requests.post(at + "/invocations", data=body, headers={"Content-Type": kind})


def send():
    table = frame()
    answer = post(table.drop(columns="text").to_csv(index=False), "text/csv")
    assert answer.status_code == 200, answer.text
    expected = answer.json()["predictions"]
    forms = []
    for codec in ["none", "snappy", "gzip", "zstd", "lz4"]:
        for version in ["1.0", "2.0"]:
            forms.append(dict(compression=codec, data_page_version=version))
    forms.append(dict(use_dictionary=False, row_group_size=700))
    forms.append(dict(use_dictionary=False, column_encoding={"pH": "BYTE_STREAM_SPLIT", "count": "DELTA_BINARY_PACKED"}))
    forms.append(dict(data_page_size=500, row_group_size=1000))
    for form in forms:
        body = io.BytesIO()
        pq.write_table(pa.Table.from_pandas(table), body, **form)
        answer = post(body.getvalue(), "application/vnd.apache.parquet")
        assert answer.status_code == 200, (form, answer.text)
        assert answer.json()["predictions"] == expected, form
    for kind, body in arrow(pa.Table.from_pandas(table)):
        answer = post(body, "application/vnd.apache.arrow." + kind)
        assert answer.status_code == 200, (kind, answer.text)
        assert answer.json()["predictions"] == expected, kind
        forms.append(kind)
    packed = io.BytesIO()
    with pa.ipc.new_stream(packed, pa.Table.from_pandas(table).schema,
                           options=pa.ipc.IpcWriteOptions(compression="zstd")) as out:
        out.write_table(pa.Table.from_pandas(table))
    refused = post(packed.getvalue(), "application/vnd.apache.arrow.stream")
    assert refused.status_code == 400 and "without compression" in refused.json()["message"], refused.text
    body = io.BytesIO()
    table.to_parquet(body)
    cut = post(body.getvalue()[:-9], "application/vnd.apache.parquet")
    assert cut.status_code == 400 and "PAR1" in cut.json()["message"], cut.text
    body = io.BytesIO()
    table.assign(pH="sour").to_parquet(body)
    text = post(body.getvalue(), "application/vnd.apache.parquet")
    assert text.status_code == 400 and "'pH'" in text.json()["message"], text.text
    (folder / "sent.json").write_text(json.dumps({"requests": 1 + len(forms), "predictions": expected}))
    print(len(forms))


def arrow(table):
    """The same values in other types and layouts, with columns in front that the model does not know."""
    def written(table, kind="stream", chunk=None):
        out = io.BytesIO()
        with (pa.ipc.new_stream if kind == "stream" else pa.ipc.new_file)(out, table.schema) as writer:
            writer.write_table(table, max_chunksize=chunk)
        return kind, out.getvalue()

    yield written(table)
    yield written(table, "file")
    yield written(table, chunk=700)
    n = len(table)
    unknown = pa.table({
        "words": pa.array(["a", None, "b"] * (n // 3)).dictionary_encode(),
        "lists": pa.array([[1], None, [2, 3]] * (n // 3)),
        "structs": pa.array([{"x": 1, "y": "z"}] * n),
        "maps": pa.array([[("k", 1.0)]] * n, pa.map_(pa.string(), pa.float64())),
        "pairs": pa.array([[1, 2]] * n, pa.list_(pa.int32(), 2)),
        "bytes": pa.array([b"b"] * n, pa.large_binary()),
        "at": pa.array([0] * n, pa.timestamp("us", "UTC")),
        "price": pa.array([1] * n, pa.decimal128(9, 2)),
        "nothing": pa.nulls(n),
    })
    for name in table.column_names:
        unknown = unknown.append_column(name, table[name])
    yield written(unknown, chunk=1000)
    narrow = table.set_column(table.column_names.index("count"), "count", table["count"].cast(pa.uint8()))
    yield written(narrow.slice(0).combine_chunks(), "file", 999)


def log():
    said = json.loads((folder / "sent.json").read_text())
    kept = pq.read_table(at).to_pandas()
    table = frame()
    columns = ["fixed acidity", "pH", "is_red", "count", "note"]
    assert list(kept.columns) == ["answered_at", "model_version", *columns, "prediction"], kept.columns
    assert set(kept["model_version"]) == {"7"}
    age = pd.Timestamp.now("UTC").tz_localize(None) - kept["answered_at"].dt.tz_localize(None)
    assert age.between(pd.Timedelta(0), pd.Timedelta(minutes=5)).all(), age
    n = len(table)
    assert len(kept) == said["requests"] * n, len(kept)
    kept = kept.sort_values("answered_at", kind="stable")
    one = kept.iloc[:n]
    for column in columns:
        want = table[column].astype("float64").to_numpy(dtype="float32", na_value=np.nan)
        assert np.array_equal(one[column].to_numpy(), want, equal_nan=True), column
    assert np.array_equal(one["prediction"].to_numpy(), np.array(said["predictions"], "float32"))
    print(len(kept))


send() if mode == "send" else log()
