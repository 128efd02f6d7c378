package dev.arclight.examples.taxi;

import dev.arclight.examples.taxi.TripShape.Style;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;

/**
 * Writes trips as the Parquet files of the TLC: whole numbers as INT64, or as DOUBLE in some years; money as DOUBLE;
 * moments without a time zone; columns that are always empty without a type of their own.
 */
final class TripParquet implements Closeable {
    private final TripShape shape;
    private final ParquetWriter<Group> writer;
    private final SimpleGroupFactory groups;

    TripParquet(Path file, TripShape shape) throws IOException {
        this.shape = shape;
        MessageType schema = schema(shape);
        this.groups = new SimpleGroupFactory(schema);
        this.writer = ExampleParquetWriter.builder(new LocalOutputFile(file))
                .withWriteMode(ParquetFileWriter.Mode.OVERWRITE)
                .withType(schema)
                .withCompressionCodec(CompressionCodecName.SNAPPY)
                .build();
    }

    private static MessageType schema(TripShape shape) {
        Types.MessageTypeBuilder builder = Types.buildMessage();
        for (int f = 0; f < shape.fields().size(); f++) {
            String name = shape.header().get(f);
            switch (shape.fields().get(f).kind) {
                case WHOLE ->
                    builder.optional(shape.is(Style.POINT_ZERO) ? PrimitiveTypeName.DOUBLE : PrimitiveTypeName.INT64)
                            .named(name);
                case VENDOR, PAYMENT ->
                    builder.optional(PrimitiveTypeName.INT64).named(name);
                case HUNDREDTHS, THOUSANDTHS, MILLIONTHS ->
                    builder.optional(PrimitiveTypeName.DOUBLE).named(name);
                case SECONDS ->
                    builder.optional(PrimitiveTypeName.INT64)
                            .as(LogicalTypeAnnotation.timestampType(false, LogicalTypeAnnotation.TimeUnit.MICROS))
                            .named(name);
                case NOTHING ->
                    builder.optional(PrimitiveTypeName.INT32)
                            .as(LogicalTypeAnnotation.unknownType())
                            .named(name);
                default ->
                    builder.optional(PrimitiveTypeName.BINARY)
                            .as(LogicalTypeAnnotation.stringType())
                            .named(name);
            }
        }
        return builder.named("schema");
    }

    void row(TripMaker trip) throws IOException {
        Group group = groups.newGroup();
        for (int f = 0; f < shape.fields().size(); f++) {
            TripField field = shape.fields().get(f);
            if (trip.isMissing(field)) {
                continue;
            }
            long value = trip.value(field);
            switch (field.kind) {
                case WHOLE -> {
                    if (shape.is(Style.POINT_ZERO)) {
                        group.add(f, (double) value);
                    } else {
                        group.add(f, value);
                    }
                }
                case VENDOR, PAYMENT -> group.add(f, value);
                case HUNDREDTHS -> group.add(f, value / 100.0);
                case THOUSANDTHS -> group.add(f, value / 1_000.0);
                case MILLIONTHS -> group.add(f, value / 1_000_000.0);
                case SECONDS -> group.add(f, value * 1_000_000);
                case YES -> group.add(f, value == 1 ? "Y" : "N");
                case BASE -> group.add(f, "B%05d".formatted(value));
                case LICENSE -> group.add(f, "HV%04d".formatted(value));
                case NOTHING -> {}
            }
        }
        writer.write(group);
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }
}
