package dev.arclight.engine.sparkhome;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.base.ArclightException;
import dev.arclight.engine.Master;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.SparkBuildInfo;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SparkHomeTest {
    @TempDir
    Path home;

    private Path jars;

    @BeforeEach
    void makeJars() throws IOException {
        jars = Files.createDirectory(home.resolve("jars"));
        Files.createFile(jars.resolve("spark-core_2.13-" + SparkBuildInfo.spark_version() + ".jar"));
        Files.createFile(jars.resolve("shared-1.jar"));
    }

    private void assertRefused(String master, Map<String, String> environment, String part) {
        assertThatThrownBy(() -> new SparkHomeEngine(environment).prepare(Master.of(master), Map.of()))
                .isInstanceOf(ArclightException.class)
                .hasMessageContaining(part);
    }

    @Test
    void whatEachSideLacksIsKnown() throws IOException {
        Path ours = Files.createFile(home.resolve("ours-2.jar"));
        Path beyond = Files.createFile(jars.resolve("spark-yarn_2.13-4.jar"));
        String classPath = String.join(
                File.pathSeparator,
                home.toString(),
                ours.toString(),
                jars.resolve("shared-1.jar").toString());
        SparkHome found = SparkHome.find(Map.of("SPARK_HOME", home.toString()), "Master yarn");
        assertThat(found.jarsMissing(classPath)).containsExactly(ours);
        assertThat(found.jarsBeyond(classPath)).contains(beyond).doesNotContain(jars.resolve("shared-1.jar"));
    }

    @Test
    void whatIsMissingIsOneSentence() throws IOException {
        String here = home.toString();
        assertRefused("yarn", Map.of(), "Master yarn needs an installation of Spark 4.1.0: set SPARK_HOME");
        assertRefused("yarn", Map.of("SPARK_HOME", here + "/none"), "no readable folder jars");
        assertRefused("k8s://https://h:1", Map.of("SPARK_HOME", here), "needs the module spark-kubernetes");
        Files.createFile(jars.resolve("spark-yarn_2.13-4.jar"));
        assertRefused("yarn", Map.of("SPARK_HOME", here), "set HADOOP_CONF_DIR");
        assertRefused("yarn", Map.of("SPARK_HOME", here, "HADOOP_CONF_DIR", here), "no yarn-site.xml");
        Files.move(
                jars.resolve("spark-core_2.13-" + SparkBuildInfo.spark_version() + ".jar"),
                jars.resolve("spark-core_2.13-3.5.9.jar"));
        assertRefused("yarn", Map.of("SPARK_HOME", here), "which holds Spark 3.5.9");
        assertThat(new SparkHomeEngine(Map.of()).prepare(Master.of("spark://h:7077"), Map.of()))
                .isEmpty();
    }
}
