package dev.arclight.azure.submit;

import dev.arclight.base.ArclightException;
import dev.arclight.base.Setting;
import dev.arclight.base.Settings;
import java.net.URI;
import java.util.List;

/** What {@code --master synapse} is told by {@code --conf arclight.synapse-...=...}. */
public final class SynapseSettings implements Setting.Catalog {
    static final Setting WORKSPACE = new Setting("arclight.synapse-workspace", "", "Synapse: name of the workspace");
    static final Setting POOL = new Setting("arclight.synapse-pool", "", "Synapse: Spark pool");
    static final Setting STORAGE = new Setting(
            "arclight.synapse-storage",
            "",
            "Synapse: folder for the application's jars, abfss://CONTAINER@ACCOUNT.dfs.core.windows.net/PATH");
    static final Setting ENDPOINT = new Setting(
            "arclight.synapse-endpoint", "", "Synapse: address of the workspace, where it is not the public cloud's");

    @Override
    public List<Setting> settings() {
        return List.of(WORKSPACE, POOL, STORAGE, ENDPOINT);
    }

    /**
     * A Spark pool.
     *
     * @param endpoint of its workspace
     * @param storage folder that takes jars
     */
    record Pool(URI endpoint, String name, String storage) {
        /** @throws ArclightException BAD_INPUT, naming the setting that is missing */
        static Pool of(Settings settings) {
            String endpoint = settings.text(ENDPOINT);
            if (endpoint.isBlank()) {
                endpoint = "https://%s.dev.azuresynapse.net".formatted(needed(settings, WORKSPACE));
            }
            return new Pool(
                    URI.create(endpoint.replaceAll("/+$", "")),
                    needed(settings, POOL),
                    needed(settings, STORAGE).replaceAll("/+$", ""));
        }

        private static String needed(Settings settings, Setting setting) {
            String text = settings.text(setting);
            if (text.isBlank()) {
                throw ArclightException.badInput(
                        "Master 'synapse' needs --conf %s=...: %s".formatted(setting.key(), setting.meaning()));
            }
            return text;
        }
    }
}
