"""Which Arrow types become which, so that Spark can read what Ray Data made; needs pyarrow and nothing of Ray.

The table is in docs/exchange.md. What would lose something is refused in one sentence that names the column.
"""


class Refusal(Exception):
    """One sentence for the caller, with one of Arclight's error codes."""

    def __init__(self, code, sentence):
        super().__init__(code, sentence)    # both, or it could not be unpickled by the caller
        self.code = code

    def __str__(self):
        return self.args[1]


def common(schemas):
    """The schema of the types that Spark holds for blocks of `schemas`; raises Refusal naming a column."""
    import pyarrow as pa
    first = schemas[0]
    for other in schemas[1:]:
        if other.names != first.names:
            raise _bad(f"A block has columns {other.names}, others have {first.names}")
    try:
        # A block of nothing but nulls has no type of its own.
        return canonical(first if all(other.equals(first) for other in schemas) else pa.unify_schemas(schemas))
    except (pa.ArrowInvalid, pa.ArrowTypeError) as e:
        raise _bad(f"The blocks have different types: {e}") from None


def canonical(schema):
    """The same for one schema."""
    import pyarrow as pa
    return pa.schema(_fields(schema, ""))


def _fields(fields, path):
    names = set()
    for field in fields:
        if field.name in names:
            raise _bad(f"Two columns are named '{path}{field.name}': rename one")
        names.add(field.name)
    return [field.with_type(_type(field.type, path + field.name)) for field in fields]


def _type(t, path):
    import pyarrow as pa
    types = pa.types
    if isinstance(t, pa.BaseExtensionType):
        return _extension(t, path)
    if types.is_dictionary(t):
        return _type(t.value_type, path)
    if types.is_large_string(t) or t == pa.string_view():
        return pa.string()
    if types.is_large_binary(t) or types.is_fixed_size_binary(t) or t == pa.binary_view():
        return pa.binary()
    if types.is_unsigned_integer(t):
        return {8: pa.int16(), 16: pa.int32(), 32: pa.int64()}.get(t.bit_width, pa.decimal128(20, 0))
    if types.is_float16(t):
        return pa.float32()
    if types.is_date64(t):
        return pa.date32()
    if types.is_time(t):
        return pa.time64("ns")
    if types.is_timestamp(t):
        return pa.timestamp("us", t.tz and "UTC")
    if types.is_duration(t):
        return pa.duration("us")
    if types.is_decimal(t):
        if t.precision > 38 or not 0 <= t.scale <= t.precision:
            raise _bad(f"Column '{path}' has type {t}: Spark's decimals have at most 38 digits, cast it")
        return pa.decimal128(t.precision, t.scale)
    if types.is_map(t):
        return pa.map_(t.key_field.with_type(_type(t.key_type, path + ".key")),
                       t.item_field.with_type(_type(t.item_type, path + ".value")))
    if types.is_list(t) or types.is_large_list(t) or types.is_fixed_size_list(t):
        return pa.list_(t.value_field.with_type(_type(t.value_type, path + ".element")))
    if types.is_struct(t):
        return pa.struct(_fields([t.field(i) for i in range(t.num_fields)], path + "."))
    if types.is_nested(t) or types.is_interval(t) and t != pa.month_day_nano_interval() or "run_end" in str(t):
        raise _cannot(t, path)
    return t


def _extension(t, path):
    import pyarrow as pa
    shape = tensor_shape(t)
    if shape is not None:
        nested = _type(t.storage_type.value_type, path)    # value_type is new in Ray
        for _ in shape:
            nested = pa.list_(nested)
        return nested
    if t.extension_name == "arrow.bool8":
        return pa.bool_()
    if t.extension_name in ("ray.data.arrow_pickled_object", "arrow.opaque") or "python_object" in t.extension_name:
        raise _cannot(t, path)
    return _type(t.storage_type, path)


def tensor_shape(t):
    """The shape of each value of a type of tensors that all have one shape; None for every other type."""
    import pyarrow as pa
    if isinstance(t, pa.FixedShapeTensorType):
        in_order = t.permutation is None or list(t.permutation) == list(range(len(t.shape)))
        return tuple(t.shape) if in_order else None
    return tuple(t.shape) if t.extension_name in ("ray.data.arrow_tensor", "ray.data.arrow_tensor_v2") else None


def stream(table, schema):
    """An IPC stream of `table` as `schema`. A value that does not fit raises Refusal."""
    import pyarrow as pa
    columns = [_cast(column, field) for column, field in zip(table.columns, schema)]
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, schema) as writer:
        if columns:
            writer.write_table(pa.Table.from_arrays(columns, schema=schema))
        else:
            for batch in table.select([]).to_batches():
                writer.write_batch(batch)
    return sink.getvalue().to_pybytes()


def _cast(column, field):
    import pyarrow as pa
    if column.type == field.type and not pa.types.is_time(column.type):
        return column
    try:
        if isinstance(column.type, pa.BaseExtensionType):
            shape = tensor_shape(column.type)
            chunks = [chunk.storage if shape is None else _nested(chunk.storage, shape) for chunk in column.chunks]
            column = pa.chunked_array(chunks, chunks[0].type if chunks else field.type)
        if pa.types.is_time(column.type):
            column = column.cast(pa.time64("us"))     # Spark's times are whole microseconds
        return column.cast(field.type)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as e:
        raise _bad(f"Column '{field.name}' of type {column.type} cannot go to Spark as {field.type} "
                   f"without loss: {e}") from None


def _nested(storage, shape):
    """Lists of all the values of a tensor each, as lists of lists: one level a dimension."""
    import numpy as np
    import pyarrow as pa
    if not shape:
        return pa.compute.list_element(storage, 0)
    values = storage.flatten()
    rows = len(storage) - storage.null_count
    for level in range(len(shape) - 1, 0, -1):
        lists = rows * int(np.prod(shape[:level], dtype=np.int64))
        values = pa.ListArray.from_arrays(_offsets(np.full(lists, shape[level])), values)
    there = storage.is_valid().to_numpy(zero_copy_only=False)
    mask = None if there.all() else pa.array(~there)
    return pa.ListArray.from_arrays(_offsets(np.where(there, shape[0], 0)), values, mask=mask)


def _offsets(lengths):
    import numpy as np
    import pyarrow as pa
    ends = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
    return pa.array(ends).cast(pa.int32())


def _bad(sentence):
    return Refusal("BAD_INPUT", sentence)


def _cannot(t, path):
    return _bad(f"Column '{path}' has type {t}, which Spark cannot hold exactly: cast it, or leave it out")
