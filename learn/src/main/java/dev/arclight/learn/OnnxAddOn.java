package dev.arclight.learn;

import dev.arclight.base.addon.AddOn;
import dev.arclight.base.command.CommandContext;
import dev.arclight.engine.addon.PinnedJar;
import dev.arclight.engine.addon.PinnedJars;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** ONNX Runtime, which {@code model} looks for in this folder. Public for the service loader. */
public final class OnnxAddOn implements AddOn {
    /** Below the add-on's own folder. Not {@code lib}, which the launcher would put on every class path. */
    static final String JARS = "jars";

    /** The version that tests run with: one of them compares. */
    static final PinnedJar RUNTIME = new PinnedJar(
            "com.microsoft.onnxruntime:onnxruntime:1.29.0",
            "5933bbc0c6c4d89afc04bf7c11011de23a947509c1352e5bf5936e62a84e4d10");

    @Override
    public String name() {
        return "onnx";
    }

    @Override
    public String description() {
        return "ONNX Runtime 1.29.0: serves and scores ONNX models (54 MB; Linux, or macOS on aarch64)";
    }

    @Override
    public void install(Path folder, Map<String, String> environment, CommandContext context) {
        PinnedJars.of(List.of(RUNTIME)).install(name(), folder.resolve(JARS), context.progress());
    }
}
