package dev.arclight.google.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.base.ArclightException;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GoogleStorageTest {
    @TempDir
    Path folder;

    @Test
    void hadoopFindsTheConnectorAndOurDefaults() throws IOException {
        Configuration configuration = new Configuration();
        assertThat(FileSystem.getFileSystemClass("gs", configuration).getName()).isEqualTo(GcsConnectors.FILESYSTEM);
        assertThat(configuration.get("fs.gs.auth.type")).isEqualTo("APPLICATION_DEFAULT");
        configuration.set("fs.gs.auth.type", "UNAUTHENTICATED");
        FileSystem.getFileSystemClass("gs", configuration);
        assertThat(configuration.get("fs.gs.auth.type")).isEqualTo("UNAUTHENTICATED");
    }

    @Test
    void whoHasNoConnectorIsToldHowToGetIt() {
        Configuration without = new Configuration();
        without.setClassLoader(ClassLoader.getPlatformClassLoader());
        assertThatThrownBy(() -> new GoogleStorage().initialize(URI.create("gs://bucket/a"), without))
                .isInstanceOf(ArclightException.class)
                .hasMessage("gs://bucket needs Google's connector, which is not on the class path: run 'arclight"
                        + " install google'");
    }

    @Test
    void connectorsAreFoundWhereTheyAre() throws IOException {
        Path other = folder.resolve("other/com/google/cloud/hadoop/fs/gcs");
        Files.createDirectories(other);
        Files.writeString(other.resolve("GoogleHadoopFileSystem.class"), "");
        URL[] further = {folder.resolve("other").toUri().toURL()};
        try (URLClassLoader loader = new URLClassLoader(further, GoogleStorage.class.getClassLoader());
                URLClassLoader none = new URLClassLoader(new URL[0], null)) {
            assertThat(GcsConnectors.on(none)).isEmpty();
            assertThat(GcsConnectors.on(loader)).hasSize(2);
            assertThat(GcsConnectors.on(loader).get(0)).endsWith("gcs-connector-4.0.4-shaded.jar");
            assertThat(GcsConnectors.on(loader).get(1))
                    .isEqualTo(folder.resolve("other").toString());
            assertThat(GcsConnectors.doubled(GcsConnectors.on(loader))).isPresent();
        }
    }
}
