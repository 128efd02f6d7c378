package dev.arclight.examples.wine;

import dev.arclight.base.Setting;
import java.util.List;

/** Settings that the demo reads. */
public final class WineSettings implements Setting.Catalog {
    static final Setting MASTER = new Setting(
            "arclight.master", "local[*]", "Spark engine where no --master is given: local[N], spark://..., ray, ...");

    @Override
    public List<Setting> settings() {
        return List.of(MASTER);
    }
}
