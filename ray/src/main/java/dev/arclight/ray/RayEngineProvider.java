package dev.arclight.ray;

import dev.arclight.engine.EngineProvider;
import dev.arclight.engine.Master;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Sessions on Ray started by {@code Arclight.builder(..)}. Compared with {@code SparkSession.builder().master("ray")},
 * executors start before Spark does, and the traffic between driver and executors is authenticated and encrypted: Spark
 * fixes both before it asks for the master.
 */
public final class RayEngineProvider implements EngineProvider {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int SECRET_BYTES = 32;

    @Override
    public Optional<Engine> prepare(Master master, Map<String, String> sparkSettings) {
        if (!(master instanceof Master.Ray ray)) {
            return Optional.empty();
        }
        return Optional.of(new RayEngine(RaySession.open(ray, sparkSettings, System.getenv())));
    }

    @Override
    public Map<String, String> driverSettings(Master master) {
        return master instanceof Master.Ray ? secured() : Map.of();
    }

    /** A new secret, and what makes Spark authenticate and encrypt with it. */
    private static Map<String, String> secured() {
        byte[] secret = new byte[SECRET_BYTES];
        RANDOM.nextBytes(secret);
        return Map.of(
                "spark.authenticate", "true",
                "spark.authenticate.secret", Base64.getEncoder().encodeToString(secret),
                "spark.network.crypto.enabled", "true");
    }

    private record RayEngine(RaySession session) implements Engine {
        @Override
        public String sparkMaster() {
            return "ray:" + session.target();
        }

        @Override
        public Map<String, String> sparkSettings() {
            Map<String, String> settings = new LinkedHashMap<>(session.offer());
            settings.put("spark.driver.host", session.here().getHostAddress());
            settings.put("spark.driver.bindAddress", session.here().getHostAddress());
            settings.put("spark.ui.enabled", "false");
            settings.putAll(secured());
            return settings;
        }

        @Override
        public void close() {
            session.close();
        }
    }
}
