package dev.arclight.ray.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.exchange.BlockReader;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * A dataset on Ray, as it was when this was made: what others append later this does not show. Safe for use by many
 * threads.
 */
public final class RayDataset implements AutoCloseable {
    /**
     * One block.
     *
     * @param rows at least 0
     * @param bytes of its Arrow stream
     * @param object id of Ray's object, in the hexadecimal digits that {@code ray memory} shows
     * @param nodes addresses of the nodes that hold it; none if it is so small that the directory itself does
     */
    public record Block(long rows, long bytes, String object, List<String> nodes) {
        public Block {
            nodes = List.copyOf(nodes);
        }
    }

    private final Directory directory;
    private final String id;
    private final String name;
    private final StructType schema;
    private final Owner owner;
    private final List<Block> blocks;
    private volatile boolean closed;

    /** @param about what the directory says of it */
    RayDataset(Directory directory, JsonNode about) {
        this.directory = directory;
        this.id = about.get("id").asText();
        this.name = about.get("name").asText();
        this.schema = BlockReader.schema(
                Base64.getDecoder().decode(about.get("schema").asText()));
        this.owner = about.get("owner").asText().equals("driver") ? Owner.DRIVER : Owner.DETACHED;
        List<Block> made = new ArrayList<>();
        for (JsonNode block : about.get("blocks")) {
            List<String> nodes = new ArrayList<>();
            block.get("nodes").forEach(node -> nodes.add(node.asText()));
            made.add(new Block(
                    block.get("rows").asLong(),
                    block.get("bytes").asLong(),
                    block.get("object").asText(),
                    nodes));
        }
        this.blocks = List.copyOf(made);
    }

    String id() {
        return id;
    }

    public String name() {
        return name;
    }

    public StructType schema() {
        return schema;
    }

    public long rows() {
        return blocks.stream().mapToLong(Block::rows).sum();
    }

    /** Bytes of all blocks in the object store. */
    public long bytes() {
        return blocks.stream().mapToLong(Block::bytes).sum();
    }

    /** In the order of the rows. */
    public List<Block> blocks() {
        return blocks;
    }

    /**
     * The ids of the blocks' objects, in the order of the rows. They name the objects in Ray's tools and keep nothing
     * alive: the references themselves belong to the directory, which gives them to Python ({@code arclight.dataset})
     * and, block by block, to executors; Ray has no way to give a reference from Python to Java.
     */
    public List<String> refs() {
        return blocks.stream().map(Block::object).toList();
    }

    /**
     * The dataset as a DataFrame of a session on the same cluster.
     *
     * @throws ArclightException BAD_STATE if this is closed
     */
    public Dataset<Row> read(SparkSession spark) {
        requireOpen();
        return spark.read().format("ray").option("id", id).load(name);
    }

    /**
     * Frees the memory of a dataset that belongs to the driver, at once and for everybody; one that is detached stays.
     * Idempotent.
     */
    @Override
    public void close() {
        if (!closed && owner == Owner.DRIVER) {
            drop();
        }
        closed = true;
    }

    /** Frees the dataset's memory, at once and for everybody. Idempotent. */
    public void drop() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            directory.ask("drop", Map.of("id", id));
        } catch (ArclightException e) {
            if (e.code() != ErrorCode.BAD_STATE) { // somebody else did
                throw e;
            }
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new ArclightException(ErrorCode.BAD_STATE, "Dataset '%s' has been closed".formatted(name));
        }
    }
}
