"""Prints what pyarrow sees in a block: each column's type, and each row."""
import sys

import pyarrow as pa

with pa.ipc.open_stream(open(sys.argv[1], "rb").read()) as reader:
    table = reader.read_all()
for field in table.schema:
    print(field.name, field.type, "null" if field.nullable else "not null")
for row in zip(*(column.to_pylist() if not pa.types.is_timestamp(column.type) else column.cast("int64").to_pylist()
                 for column in table.columns)):
    print(list(row))
