"""Reads every block of a folder with pyarrow, checks it, and writes it anew: in one piece, or sliced into batches."""
import sys
from pathlib import Path

import pyarrow as pa

for number, path in enumerate(sorted(Path(sys.argv[1]).glob("*.arrow"))):
    with pa.ipc.open_stream(path.read_bytes()) as reader:
        table = reader.read_all()
    table.validate(full=True)
    with pa.ipc.new_stream(path.with_suffix(".again"), table.schema) as writer:
        if number % 2 or not table.num_columns:
            for batch in table.to_batches():
                writer.write_batch(batch)
        else:
            for begin in range(0, table.num_rows, 37):
                writer.write_table(table.slice(begin, 37))
