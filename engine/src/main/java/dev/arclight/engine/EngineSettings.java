package dev.arclight.engine;

import dev.arclight.base.Setting;
import java.util.List;

/** Settings that every command with a Spark session reads. */
public final class EngineSettings implements Setting.Catalog {
    /** The master where a command line names none. */
    public static final Setting MASTER = new Setting(
            "arclight.master", "local[*]", "Spark engine where no --master is given: local[N], spark://..., ray, ...");

    @Override
    public List<Setting> settings() {
        return List.of(MASTER);
    }
}
