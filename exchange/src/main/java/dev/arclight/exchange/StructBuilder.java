package dev.arclight.exchange;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.Platform;

/** Structs within a column: rows that lie behind the row. */
final class StructBuilder extends ColumnBuilder {
    private final List<ColumnBuilder> fields = new ArrayList<>();
    private final Positions field = new Positions();
    private long[] structs = new long[64];

    StructBuilder(String column, StructType type) {
        for (StructField one : type.fields()) {
            fields.add(of(column + "." + one.name(), one.dataType()));
        }
    }

    @Override
    void append(Object base, Positions at) {
        if (structs.length < at.count) {
            structs = new long[Math.max(at.count, structs.length * 2)];
        }
        for (int i = 0; i < at.count; i++) {
            structs[i] = at.slot[i] < 0 ? Positions.NULL : at.origin[i] + offset(Platform.getLong(base, at.slot[i]));
        }
        for (int f = 0; f < fields.size(); f++) {
            field.ofField(base, structs, at.count, f, fields.size());
            fields.get(f).append(base, field);
        }
        validity.append(at);
    }

    @Override
    long bytes() {
        return fields.stream().mapToLong(ColumnBuilder::bytes).sum();
    }

    @Override
    void describe(Layout layout) {
        validity.describe(layout);
        fields.forEach(one -> one.describe(layout));
    }

    @Override
    List<ColumnBuilder> children() {
        return fields;
    }
}
