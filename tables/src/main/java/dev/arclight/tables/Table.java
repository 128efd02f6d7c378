package dev.arclight.tables;

import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * A declared table: the columns that a set of files is read as, however each file names, orders and writes them.
 * Immutable; refinements return new objects.
 *
 * <pre>{@code
 * Table wine = Table.declare("wine")
 *         .separator(';')
 *         .column("fixed_acidity", DataTypes.DoubleType) // the header's "fixed acidity"
 *         .column("quality", DataTypes.IntegerType)
 *         .fromFileName("is_red", DataTypes.IntegerType, name -> name.contains("red") ? 1 : 0);
 * Dataset<Row> rows = wine.read(spark, folder.resolve("winequality-red.csv"), folder.resolve("winequality-white.csv"));
 * }</pre>
 */
public final class Table implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Gives a column's value from a file's name. */
    @FunctionalInterface
    public interface FromFileName extends Serializable {
        /**
         * The value for all rows of a file.
         *
         * @param fileName its own name, without the folders, whose names say nothing about it
         * @return of the column's Java type
         */
        Object valueFor(String fileName);
    }

    /** Looks at a whole row. */
    @FunctionalInterface
    public interface RowTest extends Serializable {
        /**
         * Whether the rule applies to the row.
         *
         * @param row of the declared columns in their order, Spark's internal values; valid during the call
         */
        boolean appliesTo(InternalRow row);
    }

    /** Gives the test for the rows of one file. */
    @FunctionalInterface
    public interface FileTest extends Serializable {
        /**
         * The test.
         *
         * @param fileName the file's own name, without the folders
         */
        RowTest forFile(String fileName);
    }

    /**
     * What is to happen with rows that a test applies to, in {@link #readLeniently}.
     *
     * @param name in counts and reports, such as {@code negative_fare}
     * @param refuses whether the row is rejected; otherwise it is kept and counted
     * @param problem what is wrong with such a row
     */
    record Rule(String name, boolean refuses, String problem, FileTest test) implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    private final String name;
    private final char separator;
    private final List<Column> columns;
    private final Map<String, FromFileName> fromFileName;

    private final List<Rule> rules;

    private Table(
            String name,
            char separator,
            List<Column> columns,
            Map<String, FromFileName> fromFileName,
            List<Rule> rules) {
        this.name = name;
        this.separator = separator;
        this.columns = columns;
        this.fromFileName = fromFileName;
        this.rules = rules;
    }

    /** Begins a declaration: comma-separated, no columns yet. */
    public static Table declare(String name) {
        return new Table(name, ',', List.of(), Map.of(), List.of());
    }

    /** This table with another separator of CSV fields, an ASCII character. */
    public Table separator(char other) {
        if (other > 127 || other == '"' || other == '\n' || other == '\r') {
            throw new IllegalArgumentException("Not a separator: '" + other + "'");
        }
        return new Table(name, other, columns, fromFileName, rules);
    }

    /** This table with one more column, which each file has and which has no empty cells. */
    public Table column(String columnName, DataType type) {
        return column(Column.of(columnName, type));
    }

    /** This table with one more column. */
    public Table column(Column column) {
        List<Column> more = new ArrayList<>(columns);
        more.add(column);
        Set<String> seen = new HashSet<>();
        for (Column each : more) {
            for (String one : (Iterable<String>) Stream.concat(Stream.of(each.name()), each.aliases().stream())
                    .map(Names::canonical)
                    .distinct()::iterator) {
                if (!seen.add(one)) {
                    throw new IllegalArgumentException("Table %s: two columns are called %s".formatted(name, one));
                }
            }
        }
        return new Table(name, separator, List.copyOf(more), fromFileName, rules);
    }

    /** This table with one more column that no file holds: its value follows from the file's name. */
    public Table fromFileName(String columnName, DataType type, FromFileName rule) {
        Table more = column(columnName, type);
        Map<String, FromFileName> named = new LinkedHashMap<>(fromFileName);
        named.put(columnName, rule);
        return new Table(name, separator, more.columns, named, this.rules);
    }

    /** Begins a declaration with the columns of {@code schema}; nullable ones may be missing from a file. */
    public static Table declare(String name, StructType schema) {
        Table table = declare(name);
        for (StructField field : schema.fields()) {
            Column column = Column.of(field.name(), field.dataType());
            table = table.column(field.nullable() ? column.asOptional() : column);
        }
        return table;
    }

    /**
     * This table with further names that files use for a column.
     *
     * @throws IllegalArgumentException if there is no such column, or a name is another column's
     */
    public Table aliases(String columnName, String... names) {
        if (columns.stream().noneMatch(c -> c.name().equals(columnName))) {
            throw new IllegalArgumentException("Table %s has no column %s".formatted(name, columnName));
        }
        Table table = new Table(name, separator, List.of(), fromFileName, rules);
        for (Column column : columns) {
            table = table.column(column.name().equals(columnName) ? column.withAliases(names) : column);
        }
        return table;
    }

    /** This table with a rule: rows that {@code test} applies to are kept, and counted under {@code ruleName}. */
    public Table flag(String ruleName, RowTest test) {
        return rule(new Rule(ruleName, false, "", file -> test));
    }

    /** This table with a rule: rows that {@code test} applies to are rejected, for the reason {@code ruleName}. */
    public Table refuse(String ruleName, String problem, RowTest test) {
        return refuseByFile(ruleName, problem, file -> test);
    }

    /** Like {@link #refuse}, with a test that depends on the file that the row is in. */
    public Table refuseByFile(String ruleName, String problem, FileTest test) {
        return rule(new Rule(ruleName, true, problem, test));
    }

    private Table rule(Rule rule) {
        List<Rule> more = new ArrayList<>(rules);
        more.add(rule);
        return new Table(name, separator, columns, fromFileName, List.copyOf(more));
    }

    List<Rule> rules() {
        return rules;
    }

    /** What messages call this table. */
    public String name() {
        return name;
    }

    public char separator() {
        return separator;
    }

    /** All columns, in the order of the result. */
    public List<Column> columns() {
        return columns;
    }

    /** What {@link #read} gives. */
    public StructType schema() {
        return new StructType(columns.stream()
                .map(c -> new StructField(c.name(), c.type(), c.nullable(), Metadata.empty()))
                .toArray(StructField[]::new));
    }

    @Nullable FromFileName fromFileName(String columnName) {
        return fromFileName.get(columnName);
    }

    /** {@link #read(SparkSession, List)} for local files and folders. */
    public Dataset<Row> read(SparkSession spark, Path... paths) {
        return read(spark, Stream.of(paths).map(p -> p.toUri().toString()).toList());
    }

    /**
     * Reads CSV files with a header, all rows or an error: nothing is dropped or changed. When this returns, each row
     * has been checked.
     *
     * <p>Files that are small together (16 MiB) are read here, once, and the rows come in the order of files and lines.
     * Larger ones are checked by one job and read again, in parallel, by each job that uses the result; they must stay
     * as they are as long as it is used.
     *
     * @param paths files, folders or patterns on any Hadoop filesystem
     * @return rows of {@link #schema()}
     * @throws dev.arclight.base.ArclightException NOT_FOUND if a path names nothing; BAD_INPUT if a file is empty, has
     *     another separator, lacks a column, or has a row that does not fit: the message names file, line, column,
     *     value; UNAVAILABLE or FORBIDDEN if it cannot be read
     */
    public Dataset<Row> read(SparkSession spark, List<String> paths) {
        return new CsvSource(spark, this, paths).readStrictly();
    }

    /**
     * Reads CSV and Parquet files, any mix of both and of shapes, keeping what fits. Cells are coerced to the declared
     * type where their meaning is plain ({@code 1.0} for 1, 31/12/2020, digits beyond a decimal's scale), a row with
     * more fields than the header is kept if these are empty, everything else that does not fit is a reject. What was
     * kept, coerced and rejected is known once an action has used all rows.
     *
     * <p>Headers and footers are read here, rows by the jobs that use the result. The files must stay as they are
     * meanwhile.
     *
     * @param paths files, folders or patterns on any Hadoop filesystem
     * @throws dev.arclight.base.ArclightException as {@link #read}; a file that cannot be used at all is refused here
     *     unless {@link LenientOptions#keepGoing}
     */
    public LenientRead readLeniently(SparkSession spark, List<String> paths, LenientOptions options) {
        return LenientRead.open(spark, this, paths, options);
    }

    /**
     * Parquet files of any of this table's shapes, as Spark reads them: columns found by all their names and cast, only
     * those read that are used, nothing checked or counted. For what {@link #readLeniently} or others have cleaned.
     *
     * @param paths files, folders (also with folders in them) or patterns on any Hadoop filesystem, or tables as
     *     {@link dev.arclight.tables.lake.LakeTable#parse} takes them
     * @throws dev.arclight.base.ArclightException NOT_FOUND if a path names nothing; BAD_INPUT if a file lacks a column
     */
    public Dataset<Row> view(SparkSession spark, List<String> paths) {
        return ParquetView.open(spark, this, paths);
    }
}
