package dev.arclight.tables;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.hadoop.security.AccessControlException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Finds and opens the files behind paths, on any Hadoop filesystem. Each failure names the path. */
final class InputFiles {
    /**
     * A file to read.
     *
     * @param path whole URI
     * @param name as messages name it
     * @param bytes length on the filesystem
     */
    record InputFile(String path, String name, long bytes) implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    private InputFiles() {}

    /**
     * The files that {@code paths} name, in their order; those of a folder or pattern by name. A folder gives its files
     * (not those of its folders), without hidden ones.
     */
    static List<InputFile> list(List<String> paths, Configuration configuration) {
        List<InputFile> files = new ArrayList<>();
        for (String text : paths) {
            try {
                list(text, configuration, files);
            } catch (FileNotFoundException e) {
                throw new ArclightException(ErrorCode.NOT_FOUND, "There is no file or folder " + text, e);
            } catch (IOException e) {
                throw unreadable(text, e);
            }
        }
        return files;
    }

    private static void list(String text, Configuration configuration, List<InputFile> into) throws IOException {
        Path path = new Path(text);
        FileSystem fileSystem = path.getFileSystem(configuration);
        List<FileStatus> files = new ArrayList<>();
        for (FileStatus status : matching(fileSystem, path)) {
            if (status.isFile()) {
                files.add(status);
                continue;
            }
            for (FileStatus child : fileSystem.listStatus(status.getPath())) {
                if (child.isFile() && !isHidden(child.getPath().getName())) {
                    files.add(child);
                }
            }
        }
        if (files.isEmpty()) {
            throw new ArclightException(ErrorCode.NOT_FOUND, "The folder " + text + " holds no files");
        }
        files.sort(Comparator.comparing(FileStatus::getPath));
        for (FileStatus file : files) {
            into.add(new InputFile(file.getPath().toString(), shown(file.getPath()), file.getLen()));
        }
    }

    /**
     * The file or folder at {@code path}, else what it matches as a pattern. A wildcard does not stand for a hidden
     * name ({@code _quality}, {@code .staging}), as in a shell: two of them below a table are its months.
     */
    static List<FileStatus> matching(FileSystem fileSystem, Path path) throws IOException {
        try {
            return List.of(fileSystem.getFileStatus(path));
        } catch (FileNotFoundException e) {
            FileStatus[] matches = fileSystem.globStatus(path);
            List<FileStatus> shown = new ArrayList<>();
            for (FileStatus match : matches == null ? new FileStatus[0] : matches) {
                if (!hasHiddenMatch(path, match.getPath())) {
                    shown.add(match);
                }
            }
            if (shown.isEmpty()) {
                throw new FileNotFoundException(path.toString());
            }
            return shown;
        }
    }

    private static boolean hasHiddenMatch(Path pattern, Path match) {
        Path asked = pattern;
        Path found = match;
        while (asked != null && found != null && !asked.getName().isEmpty()) {
            if (isHidden(found.getName()) && !isHidden(asked.getName())) {
                return true;
            }
            asked = asked.getParent();
            found = found.getParent();
        }
        return false;
    }

    /** Whether a name is one that readers of tables pass over. */
    static boolean isHidden(String name) {
        return name.startsWith(".") || name.startsWith("_");
    }

    /** A path as a person writes it. */
    private static String shown(Path path) {
        return "file".equals(path.toUri().getScheme()) ? path.toUri().getPath() : path.toString();
    }

    /** Opens a file from {@code offset}, or, if its name says that it is compressed, its content from the start. */
    static InputStream open(InputFile file, long offset, Configuration configuration) throws IOException {
        Path path = new Path(file.path());
        CompressionCodec codec = codec(file, configuration);
        var in = path.getFileSystem(configuration).open(path);
        try {
            if (codec != null) {
                return codec.createInputStream(in);
            }
            in.seek(offset);
            return in;
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    /** Whether the file is Parquet, by its name or, where that says nothing, its first bytes. */
    static boolean isParquet(InputFile file, Configuration configuration) {
        if (file.path().endsWith(".parquet")) {
            return true;
        }
        if (file.path().contains(".csv") || file.bytes() < MAGIC.length) {
            return false;
        }
        Path path = new Path(file.path());
        try (InputStream in = path.getFileSystem(configuration).open(path)) {
            return java.util.Arrays.equals(in.readNBytes(MAGIC.length), MAGIC);
        } catch (IOException e) {
            throw unreadable(file.name(), e);
        }
    }

    /** Files of one shape by the names that they have: Spark would take {@code trips[1].parquet} for a pattern. */
    static Dataset<Row> parquet(SparkSession spark, List<String> files) {
        List<Dataset<Row>> all = new ArrayList<>();
        List<String> plain =
                files.stream().filter(file -> !looksLikePattern(file)).toList();
        if (!plain.isEmpty()) {
            all.add(spark.read().parquet(plain.toArray(String[]::new)));
        }
        for (String file : files) { // one by one: with this option Spark reads all paths again for each pattern
            if (looksLikePattern(file)) {
                all.add(spark.read().option("__globPaths__", "false").parquet(file));
            }
        }
        return all.stream().reduce(Dataset::unionAll).orElseThrow();
    }

    private static boolean looksLikePattern(String file) {
        return file.chars().anyMatch(c -> "{}[]*?\\".indexOf(c) >= 0);
    }

    private static final byte[] MAGIC = {'P', 'A', 'R', '1'};

    /** Whether a reader may start in the middle of the file. */
    static boolean isSplittable(InputFile file, Configuration configuration) {
        return codec(file, configuration) == null;
    }

    private static @org.jspecify.annotations.Nullable CompressionCodec codec(
            InputFile file, Configuration configuration) {
        return new CompressionCodecFactory(configuration).getCodec(new Path(file.path()));
    }

    /** The failure to read {@code name}, as a sentence. */
    static ArclightException unreadable(String name, IOException e) {
        if (e instanceof AccessControlException
                || String.valueOf(e.getMessage()).contains("Permission denied")) {
            return new ArclightException(ErrorCode.FORBIDDEN, "No permission to read " + name, e);
        }
        if (e instanceof FileNotFoundException) {
            return new ArclightException(ErrorCode.NOT_FOUND, "There is no file " + name, e);
        }
        String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return new ArclightException(ErrorCode.UNAVAILABLE, "Cannot read %s: %s".formatted(name, why), e);
    }
}
