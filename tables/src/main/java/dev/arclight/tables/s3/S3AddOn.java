package dev.arclight.tables.s3;

import dev.arclight.base.addon.AddOn;
import dev.arclight.base.command.CommandContext;
import dev.arclight.engine.addon.PinnedJars;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/** What {@code s3a://} needs beside the release: Hadoop's S3A and the SDK that it wants. */
public final class S3AddOn implements AddOn {
    /** The folder below that of the add-on; the launcher looks there. */
    private static final String LIB = "lib";

    @Override
    public String name() {
        return "s3";
    }

    @Override
    public String description() {
        return "s3a:// and s3:// paths, S3 and compatible stores: Hadoop's S3A and Amazon's SDK (645 MB)";
    }

    @Override
    public void install(Path folder, Map<String, String> environment, CommandContext context) {
        jars().install(name(), folder.resolve(LIB), context.progress());
    }

    static PinnedJars jars() {
        try (InputStream in = S3AddOn.class.getResourceAsStream("s3-pins.txt")) {
            return PinnedJars.parse(new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
