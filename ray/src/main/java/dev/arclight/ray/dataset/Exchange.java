package dev.arclight.ray.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.engine.Arclight;
import dev.arclight.exchange.SchemaMapping;
import dev.arclight.exchange.plan.FrameBlocks;
import dev.arclight.exchange.plan.PartitionSummary;
import dev.arclight.ray.RaySession;
import dev.arclight.ray.spark.RayClusterManager;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType$;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/**
 * Puts DataFrames into Ray's object store and finds datasets there, for a session whose master is {@code ray}.
 *
 * <pre>{@code
 * try (RayDataset trips = Exchange.of(arclight).put(df, DatasetOptions.named("trips"))) {
 *     ...                                  // Python: arclight.dataset("trips")
 * }
 * }</pre>
 *
 * <p>Safe for use by many threads.
 */
public final class Exchange {
    private final RaySession session;
    private final Directory directory;

    private Exchange(RaySession session, Directory directory) {
        this.session = session;
        this.directory = directory;
    }

    /**
     * The exchange of a session.
     *
     * @throws ArclightException BAD_STATE if its executors are not on Ray
     */
    public static Exchange of(Arclight arclight) {
        return of(arclight.spark());
    }

    /** Like {@link #of(Arclight)}, for sessions that Spark's own builder made. */
    public static Exchange of(SparkSession spark) {
        RaySession session = RayClusterManager.session(spark.sparkContext())
                .orElseThrow(() -> new ArclightException(
                        ErrorCode.BAD_STATE,
                        "Datasets on Ray need a session whose master is ray; this one's is %s"
                                .formatted(spark.sparkContext().master())));
        return new Exchange(session, Directory.started(session.fleet().link()));
    }

    /**
     * Writes {@code frame} and waits for it. All or nothing: until it is complete, nobody sees it, and a failure leaves
     * nothing in the store.
     *
     * @return owned by the caller
     * @throws ArclightException BAD_INPUT naming a column that cannot go, before any data moves; ALREADY_EXISTS;
     *     UNAVAILABLE, TIMEOUT if the store does not take it
     */
    public RayDataset put(Dataset<Row> frame, DatasetOptions options) {
        Dataset<Row> source = source(frame, options);
        long blockBytes = options.blocks() > 0 ? Integer.MAX_VALUE / 2 : options.blockBytes();
        FrameBlocks blocks = new FrameBlocks(source, schema(frame, options), blockBytes);
        JsonNode begun = directory.ask("begin", begin(blocks.schema(), options));
        if (begun.has("skip")) {
            return open(options.name());
        }
        String id = begun.get("id").asText();
        boolean done = false;
        Recovery recovery = session.resource(
                Recovery.class, () -> new Recovery(session.fleet().application(), directory));
        try {
            if (options.recoverable()) {
                boolean persisted = !options.storage().equals(StorageLevel.NONE());
                recovery.keep(id, blocks, persisted ? source::unpersist : () -> {});
            }
            List<String> keys = new ArrayList<>();
            List<PartitionSummary> partitions = new ArrayList<>(blocks.run(new HandoverSink.Factory(id)));
            partitions.sort(Comparator.comparingInt(PartitionSummary::partition));
            for (PartitionSummary partition : partitions) {
                for (int i = 0; i < partition.rows().size(); i++) {
                    keys.add(id + "-" + HandoverSink.key(partition.partition(), partition.attempt(), i));
                }
            }
            RayDataset made = new RayDataset(directory, directory.ask("commit", Map.of("id", id, "keys", keys)));
            done = true;
            return made;
        } finally {
            if (!done) {
                abort(id);
                recovery.forget(id);
            }
        }
    }

    /**
     * A dataset that is there.
     *
     * @throws ArclightException NOT_FOUND, with the nearest names
     */
    public RayDataset open(String name) {
        return new RayDataset(directory, directory.ask("describe", Map.of("name", name)));
    }

    /** A dataset of which the id is known, also if its name has been given to another since. */
    RayDataset openById(String id) {
        return new RayDataset(directory, directory.ask("describe", Map.of("id", id)));
    }

    /** The names of all datasets of the cluster, sorted. */
    public List<String> names() {
        List<String> names = new ArrayList<>();
        directory.ask("names", Map.of()).get("names").forEach(name -> names.add(name.asText()));
        return names;
    }

    /**
     * Frees a dataset's memory, at once and for everybody.
     *
     * @throws ArclightException NOT_FOUND, with the nearest names
     */
    public void drop(String name) {
        directory.ask("drop", Map.of("name", name));
    }

    /** Begins a write of blocks that are no table, which is then to be aborted. */
    String beginPlain(String name) {
        Map<String, Object> request = begin(new StructType(), DatasetOptions.named(name));
        return directory.ask("begin", request).get("id").asText();
    }

    void abort(String write) {
        directory.ask("abort", Map.of("id", write));
    }

    /** That of the DataFrame, or of the dataset that it is appended to where that allows more nulls. */
    private StructType schema(Dataset<Row> frame, DatasetOptions options) {
        if (options.mode() == SaveMode.Append && names().contains(options.name())) {
            StructType there = open(options.name()).schema();
            if (DataType$.MODULE$.equalsIgnoreCompatibleNullability(frame.schema(), there)) {
                return there;
            }
        }
        return frame.schema();
    }

    private static Dataset<Row> source(Dataset<Row> frame, DatasetOptions options) {
        SchemaMapping.toArrow(frame.schema());
        Dataset<Row> source = frame;
        if (options.blocks() > 0) {
            source = source.repartition(options.blocks());
        }
        if (options.recoverable() && !options.storage().equals(StorageLevel.NONE())) {
            source = source.persist(options.storage());
        }
        return source;
    }

    private Map<String, Object> begin(StructType schema, DatasetOptions options) {
        Map<String, Object> request = new HashMap<>();
        request.put("name", options.name());
        request.put("mode", mode(options.mode()));
        request.put("owner", options.owner() == Owner.DRIVER ? "driver" : "detached");
        request.put("session", session.fleet().application());
        request.put("recoverable", options.recoverable());
        request.put("schema", Base64.getEncoder().encodeToString(SchemaMapping.message(schema)));
        return request;
    }

    private static String mode(SaveMode mode) {
        return switch (mode) {
            case Append -> "append";
            case Overwrite -> "overwrite";
            case ErrorIfExists -> "error";
            case Ignore -> "ignore";
        };
    }
}
