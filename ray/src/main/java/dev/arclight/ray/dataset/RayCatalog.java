package dev.arclight.ray.dataset;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException;
import org.apache.spark.sql.catalyst.analysis.TableAlreadyExistsException;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableCatalog;
import org.apache.spark.sql.connector.catalog.TableChange;
import org.apache.spark.sql.connector.catalog.TableInfo;
import org.apache.spark.sql.connector.catalog.TableWritePrivilege;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * The datasets of the cluster as tables, for SQL: with the setting
 * {@code spark.sql.catalog.ray=dev.arclight.ray.dataset.RayCatalog}, dataset {@code trips} is the table
 * {@code ray.trips}, which can be read, created, inserted into, overwritten and dropped. Tables made here are detached.
 */
public final class RayCatalog implements TableCatalog {
    private String name = "ray";

    /** Called by Spark. */
    public RayCatalog() {}

    @Override
    public void initialize(String as, CaseInsensitiveStringMap options) {
        this.name = as;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Identifier[] listTables(String[] namespace) {
        requireNone(namespace);
        return exchange().names().stream()
                .map(dataset -> Identifier.of(namespace, dataset))
                .toArray(Identifier[]::new);
    }

    /** @throws ArclightException NOT_FOUND, with the nearest names: Spark's own exception has no room for them */
    @Override
    public Table loadTable(Identifier table) {
        RayDataset dataset = exchange().open(dataset(table));
        return new WritableRayTable(
                dataset.name(), dataset.schema(), () -> exchange().open(dataset.name()));
    }

    /** Spark's writers ask this way whether there is a table, and expect its own exception for an answer. */
    @Override
    public Table loadTable(Identifier table, Set<TableWritePrivilege> privileges) throws NoSuchTableException {
        try {
            return loadTable(table);
        } catch (ArclightException e) {
            if (e.code() == ErrorCode.NOT_FOUND) {
                throw new NoSuchTableException(table);
            }
            throw e;
        }
    }

    @Override
    public boolean tableExists(Identifier table) {
        return exchange().names().contains(dataset(table));
    }

    @Override
    public Table createTable(Identifier table, TableInfo about) throws TableAlreadyExistsException {
        if (about.partitions().length > 0) {
            throw ArclightException.badInput(
                    "Dataset '%s' cannot be PARTITIONED BY: datasets have blocks and no partitions"
                            .formatted(table.name()));
        }
        SparkSession spark = SparkSession.active();
        DatasetOptions options = DatasetOptions.named(dataset(table)).withOwner(Owner.DETACHED);
        try {
            exchange().put(spark.createDataFrame(List.of(), about.schema()), options);
        } catch (ArclightException e) {
            if (e.code() == ErrorCode.ALREADY_EXISTS) {
                throw new TableAlreadyExistsException(table);
            }
            throw e;
        }
        return loadTable(table);
    }

    @Override
    public Table alterTable(Identifier table, TableChange... changes) {
        throw ArclightException.badInput(
                "Dataset '%s' cannot be altered: write it anew, with other columns".formatted(table.name()));
    }

    @Override
    public boolean dropTable(Identifier table) {
        try {
            exchange().drop(dataset(table));
            return true;
        } catch (ArclightException e) {
            if (e.code() == ErrorCode.NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public void renameTable(Identifier from, Identifier to) {
        throw ArclightException.badInput(
                "Dataset '%s' cannot be renamed: write it anew under another name".formatted(from.name()));
    }

    private static Exchange exchange() {
        return Exchange.of(SparkSession.active());
    }

    private String dataset(Identifier table) {
        requireNone(table.namespace());
        return table.name();
    }

    private void requireNone(String[] namespace) {
        if (namespace.length > 0) {
            throw ArclightException.badInput(
                    "There is no namespace '%s': datasets have none, so say %s.NAME and put names with dots in backquotes"
                            .formatted(String.join(".", namespace), name));
        }
    }
}
