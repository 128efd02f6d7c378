package dev.arclight.tables.lake;

import dev.arclight.base.addon.AddOn;
import dev.arclight.base.command.CommandContext;
import dev.arclight.engine.addon.PinnedJars;
import java.nio.file.Path;
import java.util.Map;

/** The jars of a format. */
abstract class LakeAddOn implements AddOn {
    private final LakeFormat format;

    LakeAddOn(LakeFormat format) {
        this.format = format;
    }

    /** Delta Lake. */
    public static final class Delta extends LakeAddOn {
        public Delta() {
            super(LakeFormat.DELTA);
        }
    }

    @Override
    public final String name() {
        return format.text();
    }

    @Override
    public final String description() {
        return format.description();
    }

    @Override
    public final void install(Path folder, Map<String, String> environment, CommandContext context) {
        PinnedJars.of(format.jars()).install(name(), folder.resolve(LakeLibraries.JARS), context.progress());
    }
}
