package dev.arclight.databricks.job;

import dev.arclight.base.Setting;
import java.util.List;

/** What Databricks' submitter wants to know. */
public final class DatabricksSettings implements Setting.Catalog {
    static final Setting PROFILE = new Setting(
            "arclight.databricks-profile", "", "Profile of ~/.databrickscfg (default: the environment, else DEFAULT)");
    static final Setting STAGING = new Setting(
            "arclight.databricks-staging",
            "",
            "Folder to which a submitted job's jars go: /Volumes/CATALOG/SCHEMA/VOLUME/PATH or dbfs:/PATH");
    static final Setting CLUSTER = new Setting(
            "arclight.databricks-cluster",
            "",
            "Id of the Databricks cluster of submitted jobs (default: one for each)");
    static final Setting VERSION = new Setting(
            "arclight.databricks-spark-version", "", "Runtime of a job's own cluster, such as 18.0.x-scala2.13");
    static final Setting NODE =
            new Setting("arclight.databricks-node-type", "", "Machines of a job's own cluster, such as i3.xlarge");
    static final Setting WORKERS =
            new Setting("arclight.databricks-workers", "1", "Workers of a job's own cluster; 0: the driver does all");

    /** For ServiceLoader. */
    public DatabricksSettings() {}

    @Override
    public List<Setting> settings() {
        return List.of(PROFILE, STAGING, CLUSTER, VERSION, NODE, WORKERS);
    }
}
