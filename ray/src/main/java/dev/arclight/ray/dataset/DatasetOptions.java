package dev.arclight.ray.dataset;

import dev.arclight.base.ArclightException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.storage.StorageLevel;
import org.jspecify.annotations.Nullable;

/**
 * How a DataFrame becomes a dataset.
 *
 * @param name by which everybody finds it
 * @param mode what to do where the name exists
 * @param blocks how many blocks, or 0 for as many as partitions and block size give
 * @param blockBytes about how big a block is, 1 KiB to 1 GiB
 * @param owner until when it lives
 * @param recoverable whether Spark computes lost blocks anew, for as long as the session lives; it costs one more copy
 * @param storage what recoverable mode keeps in Spark for that, or {@code NONE} for nothing: all from the sources
 */
public record DatasetOptions(
        String name,
        SaveMode mode,
        int blocks,
        long blockBytes,
        Owner owner,
        boolean recoverable,
        StorageLevel storage) {
    static final long BLOCK_BYTES = 64L << 20;

    public DatasetOptions {
        if (name.isBlank()) {
            throw ArclightException.badInput("A dataset needs a name, such as in save(\"trips\")");
        }
        if (blocks < 0) {
            throw ArclightException.badInput("Option blocks is %d: expected a number from 1".formatted(blocks));
        }
        if (blockBytes < 1024 || blockBytes > 1L << 30) {
            throw ArclightException.badInput(
                    "Option block-bytes is %d: expected 1024 (1 KiB) to 1073741824 (1 GiB)".formatted(blockBytes));
        }
    }

    /** Fails if the name exists, chooses the number of blocks itself, lives as long as the session. */
    public static DatasetOptions named(String name) {
        return new DatasetOptions(
                name, SaveMode.ErrorIfExists, 0, BLOCK_BYTES, Owner.DRIVER, false, StorageLevel.NONE());
    }

    public DatasetOptions withMode(SaveMode to) {
        return new DatasetOptions(name, to, blocks, blockBytes, owner, recoverable, storage);
    }

    public DatasetOptions withBlocks(int to) {
        return new DatasetOptions(name, mode, to, blockBytes, owner, recoverable, storage);
    }

    public DatasetOptions withBlockBytes(long to) {
        return new DatasetOptions(name, mode, blocks, to, owner, recoverable, storage);
    }

    public DatasetOptions withOwner(Owner to) {
        return new DatasetOptions(name, mode, blocks, blockBytes, to, recoverable, storage);
    }

    /** Lost blocks are computed anew, from what {@code level} keeps in Spark. */
    public DatasetOptions withRecovery(StorageLevel level) {
        return new DatasetOptions(name, mode, blocks, blockBytes, owner, true, level);
    }

    /** From the options of a data source: name or path, blocks, block-bytes, owner, recoverable, storage-level. */
    static DatasetOptions of(Map<String, String> options, SaveMode mode) {
        DatasetOptions made = named(name(options)).withMode(mode).withOwner(owner(options.get("owner")));
        made = made.withBlocks((int) whole(options, "blocks", 0, Integer.MAX_VALUE));
        made = made.withBlockBytes(whole(options, "block-bytes", BLOCK_BYTES, Long.MAX_VALUE));
        boolean recoverable = flag(options, "recoverable", false);
        String level = Optional.ofNullable(options.get("storage-level")).orElse("NONE");
        try {
            return recoverable ? made.withRecovery(StorageLevel.fromString(level.toUpperCase(Locale.ROOT))) : made;
        } catch (IllegalArgumentException e) {
            throw ArclightException.badInput(
                    "Option storage-level is '%s': expected one of Spark's, such as DISK_ONLY or NONE"
                            .formatted(level));
        }
    }

    static String name(Map<String, String> options) {
        String name = options.getOrDefault("name", options.getOrDefault("path", ""));
        if (name.isBlank()) {
            throw ArclightException.badInput("The ray source needs a dataset's name: load(\"trips\"), save(\"trips\")");
        }
        return name;
    }

    static boolean flag(Map<String, String> options, String key, boolean otherwise) {
        String text = options.get(key);
        if (text == null) {
            return otherwise;
        }
        if (!text.equalsIgnoreCase("true") && !text.equalsIgnoreCase("false")) {
            throw ArclightException.badInput("Option %s is '%s': expected true or false".formatted(key, text));
        }
        return Boolean.parseBoolean(text);
    }

    /** What is saved lives on, unless said otherwise: as with every other format. */
    private static Owner owner(@Nullable String text) {
        if (text == null) {
            return Owner.DETACHED;
        }
        return Arrays.stream(Owner.values())
                .filter(owner -> owner.name().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> ArclightException.badInput(
                        "Option owner is '%s': expected driver or detached".formatted(text)));
    }

    private static long whole(Map<String, String> options, String key, long otherwise, long most) {
        String text = options.get(key);
        if (text == null) {
            return otherwise;
        }
        try {
            long value = Long.parseLong(text);
            if (value >= 1 && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw ArclightException.badInput("Option %s is '%s': expected a whole number from 1".formatted(key, text));
        }
        throw ArclightException.badInput("Option %s is '%s': expected a whole number from 1".formatted(key, text));
    }
}
