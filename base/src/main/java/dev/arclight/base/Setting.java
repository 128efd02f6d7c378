package dev.arclight.base;

import java.util.List;

/**
 * A configuration key that some module reads.
 *
 * @param key kebab-case under {@code arclight.}
 * @param defaultText what holds where no layer sets it; may be empty
 * @param meaning one line for {@code arclight config}
 */
public record Setting(String key, String defaultText, String meaning) {
    public Setting {
        if (!key.matches("arclight\\.[a-z0-9]+(-[a-z0-9]+)*")) {
            throw new IllegalArgumentException("key=" + key + ", expected kebab-case under arclight.");
        }
    }

    /** Lists a module's settings. Found by ServiceLoader. */
    public interface Catalog {
        List<Setting> settings();
    }
}
