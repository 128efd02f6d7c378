package dev.arclight.tables;

import dev.arclight.tables.InputFiles.InputFile;
import java.io.IOException;
import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;

/**
 * The part of a file that one task reads: the records that begin in {@code [start, end)}. A record that is cut by a
 * split's border belongs to the split in which it begins. A line end in a quoted cell looks like the end of a record to
 * the next split, if it lies there: that is refused.
 *
 * @param file the whole file
 * @param layout of the file
 * @param separator of fields
 * @param start offset in bytes
 * @param end offset in bytes, exclusive
 * @param splittable whether offsets mean anything: not in a compressed file, which is one split
 */
record CsvSplit(InputFile file, Layout layout, char separator, long start, long end, boolean splittable)
        implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Opens the split in front of its first record; the header and blank lines are not records. */
    CsvRecords open(Configuration configuration) throws IOException {
        if (start == 0) {
            CsvRecords records = new CsvRecords(InputFiles.open(file, 0, configuration), separator);
            boolean header = false;
            while (!header && records.next()) {
                header = !records.isBlank();
            }
            return records;
        }
        // The byte before tells whether a record begins exactly at the border.
        CsvRecords records = new CsvRecords(InputFiles.open(file, start - 1, configuration), separator);
        records.skipLine();
        return records;
    }

    /** Moves to the next record that is no blank line. False at the end of the split. */
    boolean next(CsvRecords records) throws IOException {
        do {
            long at = (start == 0 ? 0 : start - 1) + records.consumedBytes();
            if (splittable && at >= end) {
                return false;
            }
            if (!records.next()) {
                return false;
            }
            requireWhole(records);
        } while (records.isBlank());
        return true;
    }

    private void requireWhole(CsvRecords records) throws IOException {
        long base = start == 0 ? 0 : start - 1;
        if (splittable
                && end < file.bytes()
                && !records.unclosedQuote()
                && records.lastLineOffset() > records.offset()
                && base + records.lastLineOffset() >= end) {
            throw new IOException(
                    "the record at byte %d has a line end in a quoted cell where two parts meet that are read at the same time: compress the file, which is then read as one part, or write it without line ends in cells"
                            .formatted(base + records.offset()));
        }
    }
}
