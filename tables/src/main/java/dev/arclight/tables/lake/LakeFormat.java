package dev.arclight.tables.lake;

import dev.arclight.engine.addon.PinnedJar;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A table format with snapshots: readers see whole versions, also old ones. */
public enum LakeFormat {
    /** Delta Lake 4.4.0, for Spark 4.1. */
    DELTA(
            "Delta Lake 4.4.0: tables with versions (13 MB)",
            Map.of(
                    "spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension",
                    // Tasks that read a table's log; fifty, as Delta has it, cost seconds on a laptop.
                    "spark.databricks.delta.snapshotPartitions", "8",
                    "spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog"),
            new PinnedJar(
                    "io.delta:delta-spark_4.1_2.13:4.4.0",
                    "75a9400986853c061f5109f012547de2545a5759e5e752e5ef633dabe16a4f10"),
            new PinnedJar(
                    "io.delta:delta-storage:4.4.0", "c46735481fa8e326b0957be02b4420cbcab4b325bb08009b7f2045a95133f1cc"),
            new PinnedJar(
                    "io.delta:delta-kernel-api:4.4.0",
                    "ee9b5a14ac3b7efdff4d61a58478fe8eb0e5a3fbca43889dca7290795fe79a11"),
            new PinnedJar(
                    "io.delta:delta-kernel-defaults:4.4.0",
                    "225c975199e4718b38ee5b7e6da7f19e9585024262b2cec2656b32151a856b0b"),
            new PinnedJar(
                    "io.delta:delta-kernel-unitycatalog:4.4.0",
                    "cea22dfb4ac562b3cd27bf652697750e8336009d73fb06631363aaaad5345ffa"),
            new PinnedJar(
                    "io.unitycatalog:unitycatalog-client:0.6.0",
                    "48257499a86b801a3e2372cec55ac226ca1c1c7eabe5c118e7302f29a1fdbc19"),
            new PinnedJar(
                    "io.unitycatalog:unitycatalog-hadoop:0.6.0",
                    "c47b63c961c87102b9e1d63809a0915ba4c86b7652f57c8d39ca3a05b441a150"));

    private final String description;

    @SuppressWarnings("ImmutableEnumChecker") // it is: made by Map.of
    private final Map<String, String> sparkSettings;

    @SuppressWarnings("ImmutableEnumChecker") // it is: made by List.of
    private final List<PinnedJar> jars;

    LakeFormat(String description, Map<String, String> sparkSettings, PinnedJar... jars) {
        this.description = description;
        this.sparkSettings = sparkSettings;
        this.jars = List.of(jars);
    }

    /** As command lines write it: {@code delta}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    String description() {
        return description;
    }

    Map<String, String> sparkSettings() {
        return sparkSettings;
    }

    List<PinnedJar> jars() {
        return jars;
    }

    /** The format that {@code text} names. */
    public static Optional<LakeFormat> named(String text) {
        for (LakeFormat format : values()) {
            if (format.text().equals(text)) {
                return Optional.of(format);
            }
        }
        return Optional.empty();
    }
}
