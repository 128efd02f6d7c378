package dev.arclight.tables.files;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.Type;

/** What is known of a table from the ends and beginnings of its files. */
final class TableFacts {
    private static final int LINE_AT_MOST = 1 << 16;

    private final FileSystem files;
    private final int footersAtMost;

    TableFacts(FileSystem files, int footersAtMost) {
        this.files = files;
        this.footersAtMost = footersAtMost;
    }

    /** Rows by the footers; empty if there are too many files to look at. */
    OptionalLong parquetRows(List<FileStatus> data) throws IOException {
        if (data.size() > footersAtMost) {
            return OptionalLong.empty();
        }
        long rows = 0;
        for (FileStatus file : data) {
            try (ParquetFileReader reader = open(file)) {
                rows += reader.getRecordCount();
            }
        }
        return OptionalLong.of(rows);
    }

    /** {@code name type}; where a type has a meaning, such as a timestamp, that one. */
    List<String> parquetColumns(FileStatus file) throws IOException {
        List<String> columns = new ArrayList<>();
        try (ParquetFileReader reader = open(file)) {
            for (Type field : reader.getFileMetaData().getSchema().getFields()) {
                LogicalTypeAnnotation meaning = field.getLogicalTypeAnnotation();
                columns.add(field.getName() + " "
                        + (meaning != null
                                ? meaning.toString()
                                : field.isPrimitive()
                                        ? field.asPrimitiveType()
                                                .getPrimitiveTypeName()
                                                .name()
                                        : "STRUCT"));
            }
        }
        return columns;
    }

    private ParquetFileReader open(FileStatus file) throws IOException {
        try {
            return ParquetFileReader.open(HadoopInputFile.fromStatus(file, files.getConf()));
        } catch (RuntimeException e) { // Parquet's way to say that it is none
            throw new Damaged("%s is no Parquet file: %s".formatted(Tree.shown(file.getPath()), e.getMessage()), e);
        }
    }

    /** A file is not what its name says. */
    static final class Damaged extends IOException {
        private static final long serialVersionUID = 1L;

        Damaged(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The names in the first line; without types. */
    List<String> csvColumns(FileStatus file) throws IOException {
        CompressionCodec codec = new CompressionCodecFactory(files.getConf()).getCodec(file.getPath());
        try (InputStream plain = files.open(file.getPath());
                InputStream in = codec == null ? plain : codec.createInputStream(plain);
                BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            StringBuilder line = new StringBuilder();
            for (int c = reader.read(); c >= 0 && c != '\n' && line.length() < LINE_AT_MOST; c = reader.read()) {
                line.append((char) c);
            }
            String header = line.toString().strip().replace("\uFEFF", "");
            String separator = header.contains(";") && !header.contains(",") ? ";" : header.contains("\t") ? "\t" : ",";
            List<String> columns = new ArrayList<>();
            for (String name : header.split(separator, -1)) {
                columns.add(name.strip().replaceAll("^\"|\"$", ""));
            }
            return columns;
        }
    }
}
