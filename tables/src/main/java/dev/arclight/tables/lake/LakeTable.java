package dev.arclight.tables.lake;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.track.ActiveRun;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/**
 * A Delta Lake table, known by its folder. Written {@code delta:PATH}, with {@code @VERSION} for an old version of it:
 * {@code delta:/data/trips@12}.
 *
 * <p>A session sees such tables if it was started with the settings of {@link LakeLibraries}.
 *
 * @param path the folder, on any Hadoop filesystem
 * @param version to be read; empty: the newest
 */
public record LakeTable(LakeFormat format, String path, OptionalLong version) {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern TEXT = Pattern.compile("(delta):(.+?)(?:@(\\d{1,19}))?");

    public LakeTable {
        if (path.isBlank()) {
            throw ArclightException.badInput("%s: needs the folder of a table".formatted(format.text()));
        }
    }

    /** The table that {@code text} names; empty if it is a plain path. */
    public static Optional<LakeTable> parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        OptionalLong version = OptionalLong.empty();
        if (matcher.group(3) != null) {
            try {
                version = OptionalLong.of(Long.parseLong(matcher.group(3)));
            } catch (NumberFormatException e) {
                throw ArclightException.badInput(
                        "%s: %s is more than a version can be".formatted(text, matcher.group(3)));
            }
        }
        return Optional.of(new LakeTable(LakeFormat.named(matcher.group(1)).orElseThrow(), matcher.group(2), version));
    }

    /** The newest version of the table in {@code path}. */
    public static LakeTable of(LakeFormat format, String path) {
        return new LakeTable(format, path, OptionalLong.empty());
    }

    /**
     * The rows of the version.
     *
     * @throws ArclightException NOT_FOUND if there is no such table or version
     */
    public Dataset<Row> read(SparkSession spark) {
        try {
            var reader = spark.read().format(format.text());
            if (version.isPresent()) {
                reader = reader.option("versionAsOf", version.getAsLong());
            }
            return reader.load(path);
        } catch (Exception e) { // Spark's analysis errors are checked and not declared
            throw notRead(e);
        }
    }

    /**
     * The version that {@link #read} reads, to be noted beside what was made from it: of a table without one, the
     * newest, as of now.
     *
     * @throws ArclightException NOT_FOUND if there is no such table
     */
    public long currentVersion(SparkSession spark) {
        if (version.isPresent()) {
            return version.getAsLong();
        }
        try {
            return spark.sql("DESCRIBE HISTORY delta.`%s` LIMIT 1".formatted(path.replace("`", "``")))
                    .first()
                    .<Long>getAs("version");
        } catch (Exception e) { // Spark's analysis errors are checked and not declared
            throw notRead(e);
        }
    }

    /**
     * The rows of the version, which the run notes as a dataset that it read: so a batch of scores says what it was
     * made from, and can be made again.
     */
    public Dataset<Row> readFor(ActiveRun run, SparkSession spark) {
        LakeTable pinned = new LakeTable(format, path, OptionalLong.of(currentVersion(spark)));
        run.dataset(pinned.asDataset());
        return pinned.read(spark);
    }

    /** As MLflow's Python client notes such a table. */
    private dev.arclight.track.Dataset asDataset() {
        String source = JSON.createObjectNode()
                .put("path", path)
                .put(format.text() + "_table_version", version.orElseThrow())
                .toString();
        String name = path.replaceFirst("/+$", "");
        return new dev.arclight.track.Dataset(
                name.substring(name.lastIndexOf('/') + 1),
                "v" + version.orElseThrow(),
                format.text() + "_table",
                source,
                Optional.empty(),
                Optional.empty(),
                Map.of());
    }

    /** Replaces the whole table in one version; old versions stay. Makes it if there is none. */
    public void write(Dataset<Row> rows) {
        requireNewest();
        save(rows.write().option("overwriteSchema", "true"));
    }

    /**
     * Replaces the partitions that {@code rows} have rows of, in one version, and leaves the others alone. Makes the
     * table if there is none.
     *
     * @param columns that divide the table
     */
    public void overwritePartitions(Dataset<Row> rows, List<String> columns) {
        requireNewest();
        save(rows.write().option("partitionOverwriteMode", "dynamic").partitionBy(columns.toArray(String[]::new)));
    }

    private void save(DataFrameWriter<Row> writer) {
        try {
            writer.format(format.text()).mode(SaveMode.Overwrite).save(path);
        } catch (Exception e) { // Spark's analysis errors are checked and not declared
            throw new ArclightException(
                    ErrorCode.UNAVAILABLE, "Cannot write the table %s: %s".formatted(this, firstLine(e)), e);
        }
    }

    private void requireNewest() {
        if (version.isPresent()) {
            throw ArclightException.badInput("%s: an old version cannot be written to".formatted(this));
        }
    }

    private ArclightException notRead(Exception e) {
        return new ArclightException(
                ErrorCode.NOT_FOUND, "Cannot read the table %s: %s".formatted(this, firstLine(e)), e);
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().limit(1).collect(Collectors.joining());
    }

    /** As {@link #parse} takes it. */
    @Override
    public String toString() {
        return format.text() + ":" + path + (version.isPresent() ? "@" + version.getAsLong() : "");
    }
}
