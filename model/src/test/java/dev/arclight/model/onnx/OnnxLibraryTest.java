package dev.arclight.model.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where ONNX Runtime is looked for by a program that was started without it: this one's class path less one jar. */
final class OnnxLibraryTest {
    private static final String JAR = "onnxruntime-";

    @TempDir
    Path folder;

    @Test
    void theAddOnsJarIsUsedAndWithoutItTheSentenceSaysWhatToDo() throws Exception {
        List<URL> others = new ArrayList<>();
        Path jar = null;
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path path = Path.of(entry);
            if (path.getFileName().toString().startsWith(JAR)) {
                jar = path;
            } else {
                others.add(url(path));
            }
        }
        Path library = Objects.requireNonNull(jar, "ONNX Runtime is on the class path of this test");
        try (URLClassLoader without =
                new URLClassLoader(others.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            Method load =
                    without.loadClass(OnnxLibrary.class.getName()).getDeclaredMethod("load", String.class, Map.class);
            load.setAccessible(true);
            Map<String, String> environment = Map.of("XDG_DATA_HOME", folder.toString());
            assertThatThrownBy(() -> load.invoke(null, "The model in x", environment))
                    .isInstanceOf(InvocationTargetException.class)
                    .cause()
                    .hasMessageContaining("The model in x is an ONNX graph, and ONNX Runtime is not installed on")
                    .hasMessageContaining("run 'arclight install onnx'");

            Path jars =
                    Files.createDirectories(folder.resolve("arclight/addons").resolve(OnnxLibrary.JARS));
            Files.copy(
                    library, jars.resolve(library.getFileName())); // a link would be followed by who deletes the folder
            Files.writeString(jars.resolve(".complete"), "");
            Object graphs = load.invoke(null, "The model in x", environment);
            assertThat(graphs.getClass().getClassLoader().getName()).isEqualTo("onnxruntime");
            Method version = graphs.getClass().getMethod("version");
            assertThat(version.invoke(graphs)).isEqualTo("1.29.0");
            assertThat(load.invoke(null, "another", environment)).isSameAs(graphs);
        }
    }

    private static URL url(Path path) throws MalformedURLException {
        return path.toUri().toURL();
    }
}
