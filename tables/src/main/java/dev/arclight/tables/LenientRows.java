package dev.arclight.tables;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;

/** The rows of one part of the input that fit, inside a task; each row is overwritten by the next. */
final class LenientRows implements Iterator<InternalRow> {
    /** Where a part's records come from. */
    interface Records extends Closeable {
        /** Moves on; false at the end. */
        boolean next() throws IOException;

        /** The current record, or null if {@link RowParser#reject} says why not. */
        @Nullable UnsafeRow row(RowParser parser);

        /** Offset in the file of the current record; -1 where a file has no such thing. */
        long offset();

        /** Lines read so far; 0 where a file has none. */
        long lines();

        /** Bytes of the file that the whole part is. */
        long bytes();
    }

    /**
     * What all parts share.
     *
     * @param rejectsFolder for rejected rows, null if nobody wants them
     * @param samples of each reason
     */
    record Shared(
            PartCounts counts,
            SerializableConfiguration configuration,
            @Nullable String rejectsFolder,
            int samples) implements java.io.Serializable {
        private static final long serialVersionUID = 1L;
    }

    private static final JsonFactory JSON = new JsonFactory();

    private final PartCounts.Key key;
    private final String file;
    private final Records records;
    private final RowParser parser;
    private final Shared shared;
    private final List<Reject> samples = new ArrayList<>();
    private final Map<String, Integer> sampled = new HashMap<>();
    private @Nullable JsonGenerator rejects;
    private @Nullable String rejectFile;
    private @Nullable UnsafeRow next;
    private boolean ended;

    LenientRows(PartCounts.Key key, String file, Records records, RowParser parser, Shared shared) {
        this.key = key;
        this.file = file;
        this.records = records;
        this.parser = parser;
        this.shared = shared;
        TaskContext.get().<Void>addTaskCompletionListener(context -> {
            closeAll();
            return null;
        });
    }

    @Override
    public boolean hasNext() {
        if (next == null && !ended) {
            next = advance();
        }
        return next != null;
    }

    @Override
    public InternalRow next() {
        UnsafeRow row = hasNext() ? next : null;
        if (row == null) {
            throw new NoSuchElementException();
        }
        next = null;
        return row;
    }

    private @Nullable UnsafeRow advance() {
        RowCounts counts = parser.counts();
        try {
            while (records.next()) {
                counts.rows++;
                UnsafeRow row = records.row(parser);
                if (row != null) {
                    counts.kept++;
                    return row;
                }
                reject(parser.reject(), counts);
            }
            ended = true;
            if (rejects != null) {
                rejects.close();
            }
        } catch (IOException e) {
            throw InputFiles.unreadable(file, new UnreadableFile(file, e));
        }
        // Only at the very end: a part that was read half says nothing.
        shared.counts().add(new PartCounts.Part(key, counts, records.lines(), records.bytes(), samples, rejectFile));
        return null;
    }

    private void reject(Reject reject, RowCounts counts) throws IOException {
        String reason = reject.key();
        counts.rejected.merge(reason, 1L, Long::sum);
        if (sampled.merge(reason, 1, Integer::sum) <= shared.samples()) {
            samples.add(reject);
        }
        if (shared.rejectsFolder() == null) {
            return;
        }
        if (rejects == null) {
            rejects = openRejects(shared.rejectsFolder());
        }
        JsonGenerator out = rejects;
        out.writeStartObject();
        out.writeStringField("file", reject.file());
        if (records.offset() >= 0) {
            out.writeNumberField("offset", records.offset());
        }
        out.writeStringField("reason", reason);
        out.writeStringField("column", reject.column());
        out.writeStringField("value", reject.value());
        out.writeStringField("problem", reject.problem());
        out.writeStringField("row", reject.row());
        out.writeEndObject();
        out.writeRaw('\n');
    }

    private JsonGenerator openRejects(String folder) throws IOException {
        Configuration configuration = shared.configuration().value();
        String name = "%06d-%06d-%d.jsonl"
                .formatted(key.file(), key.part(), TaskContext.get().taskAttemptId());
        Path path = new Path(folder, name);
        rejectFile = name;
        JsonGenerator out = JSON.createGenerator(
                (java.io.OutputStream) path.getFileSystem(configuration).create(path, true), JsonEncoding.UTF8);
        out.setRootValueSeparator(new com.fasterxml.jackson.core.io.SerializedString(""));
        return out;
    }

    private void closeAll() {
        try {
            records.close();
            if (rejects != null) {
                rejects.close();
            }
        } catch (IOException e) {
            throw InputFiles.unreadable(file, new UnreadableFile(file, e));
        }
    }
}
