package dev.arclight.ray.spark;

import java.lang.reflect.Field;
import org.apache.spark.SparkContext;
import org.apache.spark.resource.ResourceProfileManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets sessions on Ray use stage-level resource profiles. Spark has no question to ask of a scheduler backend here: it
 * refuses them by the master's name, which must be that of YARN, Kubernetes or standalone.
 */
final class StageProfiles {
    private static final Logger LOG = LoggerFactory.getLogger(StageProfiles.class);
    /** Set by Spark from the master's name, and looked at for this only. */
    private static final String REFUSES = "isStandaloneOrLocalCluster";

    private StageProfiles() {}

    static void allow(SparkContext context) {
        try {
            Field field = ResourceProfileManager.class.getDeclaredField(REFUSES);
            field.setAccessible(true);
            field.setBoolean(context.resourceProfileManager(), true);
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.warn(
                    "This Spark ({}) refuses stage-level resource profiles on Ray: {}",
                    context.version(),
                    e.toString());
        }
    }
}
