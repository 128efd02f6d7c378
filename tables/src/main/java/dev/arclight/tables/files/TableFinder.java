package dev.arclight.tables.files;

import dev.arclight.base.progress.Progress;
import dev.arclight.tables.files.FoundTable.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * Finds tables: a folder with {@code _delta_log} is a Delta table; one with Parquet or CSV files, its own or in folders
 * like {@code month=7}, is a table of these. Folders inside a table are not looked at for others.
 */
final class TableFinder {
    private static final Pattern PARTITION = Pattern.compile("[^=]+=.*");

    private final FileSystem files;
    private final TableFacts facts;
    private final Progress.Task progress;

    /** @param footersAtMost Parquet files of one table whose footers are read for the number of rows */
    TableFinder(FileSystem files, int footersAtMost, Progress.Task progress) {
        this.files = files;
        this.facts = new TableFacts(files, footersAtMost);
        this.progress = progress;
    }

    /** Tells each table below {@code folder}, itself included. */
    void find(FileStatus folder, Consumer<FoundTable> found) throws IOException {
        List<FileStatus> folders = new ArrayList<>();
        Content content = new Content();
        boolean delta = false;
        RemoteIterator<FileStatus> children = files.listStatusIterator(folder.getPath());
        while (children.hasNext()) {
            FileStatus child = children.next();
            String name = child.getPath().getName();
            progress.advance(1);
            if (child.isDirectory() && name.equals("_delta_log")) {
                delta = true;
            } else if (child.isDirectory() && !hidden(name)) {
                folders.add(child);
            } else if (child.isFile()) {
                content.add(child);
            }
        }
        boolean partitioned = !folders.isEmpty()
                && folders.stream()
                        .allMatch(child ->
                                PARTITION.matcher(child.getPath().getName()).matches());
        if (delta || partitioned) {
            for (FileStatus child : folders) {
                collect(child, content);
            }
        }
        Optional<Kind> kind = delta ? Optional.of(Kind.DELTA) : content.kind();
        if (kind.isPresent()) {
            found.accept(table(folder.getPath(), kind.get(), content));
        }
        if (!delta && !(partitioned && kind.isPresent())) {
            for (FileStatus child : folders) {
                find(child, found);
            }
        }
    }

    private void collect(FileStatus folder, Content content) throws IOException {
        String name = folder.getPath().getName();
        if (PARTITION.matcher(name).matches()) {
            content.partitions.add(name.substring(0, name.indexOf('=')));
        }
        RemoteIterator<FileStatus> children = files.listStatusIterator(folder.getPath());
        while (children.hasNext()) {
            FileStatus child = children.next();
            progress.advance(1);
            if (child.isFile()) {
                content.add(child);
            } else if (!hidden(child.getPath().getName())) {
                collect(child, content);
            }
        }
    }

    private FoundTable table(Path folder, Kind kind, Content content) throws IOException {
        List<FileStatus> data = kind == Kind.CSV ? content.csv : content.parquet;
        OptionalLong rows;
        List<String> columns;
        if (kind == Kind.DELTA) {
            DeltaLog log = DeltaLog.read(files, folder);
            rows = log.rows();
            columns = log.columns();
        } else if (kind == Kind.PARQUET) {
            OptionalLong counted;
            List<String> named;
            try {
                counted = facts.parquetRows(data);
                named = facts.parquetColumns(data.get(0));
            } catch (TableFacts.Damaged e) { // the others are to be found all the same
                progress.note(String.valueOf(e.getMessage()));
                counted = OptionalLong.empty();
                named = List.of();
            }
            rows = counted;
            columns = named;
        } else {
            rows = OptionalLong.empty();
            columns = facts.csvColumns(data.get(0));
        }
        return new FoundTable(
                folder,
                kind,
                List.copyOf(content.partitions),
                data.size(),
                data.stream().mapToLong(FileStatus::getLen).sum(),
                rows,
                columns);
    }

    private static boolean hidden(String name) {
        return name.startsWith("_") || name.startsWith(".");
    }

    /** The files of a table. */
    private static final class Content {
        private final List<FileStatus> parquet = new ArrayList<>();
        private final List<FileStatus> csv = new ArrayList<>();
        private final Set<String> partitions = new LinkedHashSet<>();

        void add(FileStatus file) {
            String name = file.getPath().getName().toLowerCase(Locale.ROOT);
            if (hidden(name) || file.getLen() == 0) {
                return;
            }
            if (name.endsWith(".parquet")) {
                parquet.add(file);
            } else if (name.matches(".*\\.csv(\\.(gz|bz2|zst))?")) {
                csv.add(file);
            }
        }

        /** Where there are both, of which there are more. */
        Optional<Kind> kind() {
            if (parquet.isEmpty() && csv.isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(parquet.size() >= csv.size() ? Kind.PARQUET : Kind.CSV);
        }
    }
}
