package dev.arclight.track;

import java.util.Locale;

/** Whether an experiment or run is there to be used. A deleted one can be restored. */
public enum Lifecycle {
    ACTIVE,
    DELETED;

    /** As MLflow writes it: {@code active} or {@code deleted}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
