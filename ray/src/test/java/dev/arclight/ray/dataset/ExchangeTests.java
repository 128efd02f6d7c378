package dev.arclight.ray.dataset;

import dev.arclight.engine.Arclight;
import dev.arclight.engine.Master;
import dev.arclight.ray.RayTests;
import dev.arclight.testing.Await;
import dev.arclight.testing.RayCluster;
import org.apache.spark.sql.SparkSession;

/** What tests of the exchange share. */
final class ExchangeTests {
    private ExchangeTests() {}

    static Arclight session(RayCluster cluster, int executors) {
        return builder(cluster, executors).start();
    }

    static Arclight.Builder builder(RayCluster cluster, int executors) {
        return Arclight.builder("exchange")
                .master(Master.of("ray:" + cluster.address()))
                .spark("spark.sql.shuffle.partitions", "2")
                .spark("spark.executor.instances", String.valueOf(executors))
                .spark("spark.executor.memory", "700m")
                .spark("spark.sql.timeType.enabled", "true")
                .spark("spark.sql.catalog.ray", RayCatalog.class.getName())
                .spark("spark.arclight.ray.jar", cluster.jar().toString())
                .spark("spark.arclight.ray.token-file", cluster.tokenFile().toString());
    }

    /** Dataset "numbers": x from 0 to 99,999, k its last digit. */
    static void saveNumbers(SparkSession spark) {
        spark.range(0, 100_000, 1, 4)
                .selectExpr("id as x", "id % 10 as k")
                .write()
                .format("ray")
                .save("numbers");
    }

    /** Bytes in use in the stores once they have been the same for 20 looks: Ray frees and counts a little later. */
    static long atRest(PythonSide python) {
        long[] seen = {-1, 0};
        Await.until("stores at rest", RayTests.PATIENCE, () -> {
            long now = python.number("USED", "used");
            seen[1] = now == seen[0] ? seen[1] + 1 : 0;
            seen[0] = now;
            return seen[1] >= 20;
        });
        return seen[0];
    }

    static long sum(SparkSession spark, String name) {
        return spark.read()
                .format("ray")
                .load(name)
                .selectExpr("sum(x)")
                .first()
                .getLong(0);
    }
}
