package dev.arclight.serve;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.SchemaElement;
import shaded.parquet.org.apache.thrift.TException;
import shaded.parquet.org.apache.thrift.protocol.TCompactProtocol;
import shaded.parquet.org.apache.thrift.transport.TIOStreamTransport;

/**
 * What a Parquet file says of itself. The library's own reader makes room for a list of as many elements as the file
 * claims; this one takes no claim for more elements than there are bytes.
 */
final class ParquetMetadata {
    private static final int MAGIC = 0x31524150; // PAR1, little endian
    private static final int TAIL = 8;

    private ParquetMetadata() {}

    /** @throws dev.arclight.web.HttpError 400 if the body is no Parquet file */
    static FileMetaData read(byte[] body) throws IOException {
        ByteBuffer file = ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN);
        int length = file.limit() < TAIL + 4 ? -1 : file.getInt(file.limit() - TAIL);
        if (length < 0
                || length > file.limit() - TAIL - 4
                || file.getInt(0) != MAGIC
                || file.getInt(file.limit() - 4) != MAGIC) {
            throw Cells.bad("The body is no Parquet file: it should begin and end with PAR1");
        }
        FileMetaData meta = new FileMetaData();
        try {
            meta.read(thrift(new ByteArrayInputStream(body, body.length - TAIL - length, length)));
        } catch (TException e) {
            throw new IOException(e.getMessage(), e);
        }
        return meta;
    }

    /** The header at which {@code in} stands, which then stands at the page. */
    static PageHeader pageHeader(ByteArrayInputStream in) throws IOException {
        PageHeader header = new PageHeader();
        try {
            header.read(thrift(in));
        } catch (TException e) {
            throw new IOException(e.getMessage(), e);
        }
        return header;
    }

    private static TCompactProtocol thrift(ByteArrayInputStream in) throws TException {
        return new TCompactProtocol(new TIOStreamTransport(in), in.available(), in.available());
    }

    /** The columns at the top; what is below a group is no value. */
    static List<SchemaElement> columns(List<SchemaElement> schema) {
        List<SchemaElement> columns = new ArrayList<>();
        for (int i = 1; i < schema.size(); i += 1 + below(schema, i)) {
            columns.add(schema.get(i));
        }
        return columns;
    }

    /** How many elements lie below this one, in the order of a walk. A loop: the depth is the sender's choice. */
    private static int below(List<SchemaElement> schema, int at) {
        int next = at + 1;
        long open = Math.max(0, schema.get(at).getNum_children());
        while (open > 0 && next < schema.size()) {
            open += Math.max(0, schema.get(next).getNum_children()) - 1;
            next++;
        }
        return next - at - 1;
    }
}
