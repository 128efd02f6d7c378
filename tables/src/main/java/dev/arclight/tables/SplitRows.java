package dev.arclight.tables;

import dev.arclight.base.ArclightException;
import java.io.IOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.jspecify.annotations.Nullable;

/** The rows of one split, inside a task, whose end closes the file. */
final class SplitRows implements Iterator<Row> {
    private final CsvSplit split;
    private final CsvRecords records;
    private final RowParser parser;
    private @Nullable Row next;

    SplitRows(CsvSplit split, Table table, Configuration configuration) {
        this.split = split;
        this.parser = new RowParser(table, split.layout(), false);
        try {
            this.records = split.open(configuration);
        } catch (IOException e) {
            throw InputFiles.unreadable(split.file().name(), e);
        }
        CsvRecords opened = records;
        TaskContext.get().<Void>addTaskCompletionListener(context -> {
            try {
                opened.close();
            } catch (IOException e) {
                throw InputFiles.unreadable(split.file().name(), e);
            }
            return null;
        });
        this.next = advance();
    }

    @Override
    public boolean hasNext() {
        return next != null;
    }

    @Override
    public Row next() {
        Row row = next;
        if (row == null) {
            throw new NoSuchElementException();
        }
        next = advance();
        return row;
    }

    private @Nullable Row advance() {
        try {
            if (!split.next(records)) {
                return null;
            }
        } catch (IOException e) {
            throw InputFiles.unreadable(split.file().name(), e);
        }
        @Nullable Object[] row = parser.parse(records);
        if (row == null) { // the file passed the check: somebody changed it since
            throw ArclightException.badInput("%s was changed while it was read: %s"
                    .formatted(split.file().name(), parser.reject().problem()));
        }
        return RowFactory.create(row);
    }
}
