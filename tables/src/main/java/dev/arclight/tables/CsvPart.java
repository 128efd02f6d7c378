package dev.arclight.tables;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.jspecify.annotations.Nullable;

/** The records of one split of a CSV file. */
final class CsvPart implements LenientRows.Records {
    private final CsvSplit split;
    private final CsvRecords records;

    private CsvPart(CsvSplit split, CsvRecords records) {
        this.split = split;
        this.records = records;
    }

    static CsvPart open(CsvSplit split, Configuration configuration) {
        try {
            return new CsvPart(split, split.open(configuration));
        } catch (IOException e) {
            throw InputFiles.unreadable(
                    split.file().name(), new UnreadableFile(split.file().name(), e));
        }
    }

    @Override
    public boolean next() throws IOException {
        return split.next(records);
    }

    @Override
    public @Nullable UnsafeRow row(RowParser parser) {
        return parser.row(records);
    }

    @Override
    public long offset() {
        return (split.start() == 0 ? 0 : split.start() - 1) + records.offset();
    }

    @Override
    public long lines() {
        return records.lines();
    }

    @Override
    public long bytes() {
        return split.end() - split.start();
    }

    @Override
    public void close() throws IOException {
        records.close();
    }
}
