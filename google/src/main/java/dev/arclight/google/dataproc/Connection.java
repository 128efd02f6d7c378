package dev.arclight.google.dataproc;

import dev.arclight.base.rest.Credentials;
import dev.arclight.google.rest.GoogleTokens;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;

/**
 * How Dataproc and the bucket are reached.
 *
 * @param environment of this process
 * @param credentials made on use: looking for them reads files
 * @param hadoop made on use: it is slow to load
 * @param stagingScheme of the folder that jars go to
 * @param poll between two looks at a job that is being cancelled
 */
record Connection(
        Map<String, String> environment,
        Supplier<Credentials> credentials,
        Supplier<Configuration> hadoop,
        String stagingScheme,
        Duration poll) {

    /** Of this process. */
    static Connection ofProcess() {
        Map<String, String> environment = System.getenv();
        return new Connection(
                environment,
                () -> GoogleTokens.of(environment, Path.of(System.getProperty("user.home"))),
                Configuration::new,
                "gs",
                Duration.ofSeconds(2));
    }
}
