package dev.arclight.tables.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;

class SimpleStorageTest {
    @Test
    void whoHasNotTheAddOnIsToldHowToGetIt() {
        for (String scheme : new String[] {"s3a", "s3"}) {
            assertThatThrownBy(() -> new Path(scheme + "://bucket/a").getFileSystem(new Configuration()))
                    .hasMessage(scheme + "://bucket needs Hadoop's S3A, which is not on the class path: run 'arclight"
                            + " install s3'");
        }
    }

    @Test
    void aCompatibleStoreIsTheOneThatAmazonsOwnToolsAreToldOf() {
        Map<String, String> environment = Map.of("AWS_ENDPOINT_URL", "https://store.example");
        assertThat(SimpleStorage.defaults(true, environment, key -> true))
                .containsExactly(
                        "dev/arclight/tables/s3/fs.s3.impl.xml",
                        "dev/arclight/tables/s3/fs.s3a.endpoint.xml",
                        "dev/arclight/tables/s3/fs.s3a.path.style.access.xml");
        assertThat(SimpleStorage.defaults(true, environment, key -> key.equals("fs.s3.impl")))
                .as("what somebody has set stays")
                .containsExactly("dev/arclight/tables/s3/fs.s3.impl.xml");
        assertThat(SimpleStorage.defaults(true, Map.of(), key -> true))
                .containsExactly("dev/arclight/tables/s3/fs.s3.impl.xml");
        for (String resource : SimpleStorage.defaults(true, environment, key -> true)) {
            assertThat(SimpleStorage.class.getClassLoader().getResource(resource))
                    .as(resource)
                    .isNotNull();
        }
    }
}
