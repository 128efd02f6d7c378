package dev.arclight.google.install;

import dev.arclight.base.addon.AddOns;
import dev.arclight.base.command.Check;
import dev.arclight.base.command.CommandContext;
import dev.arclight.google.fs.GcsConnectors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether {@code gs://} paths can be used: one connector, and the one that this release was built with. */
public final class GoogleCheck implements Check {
    @Override
    public String name() {
        return "gs://";
    }

    @Override
    public Finding look(CommandContext context) {
        return look(System.getenv(), GcsConnectors.on(GoogleCheck.class.getClassLoader()));
    }

    static Finding look(Map<String, String> environment, List<String> connectors) {
        Optional<String> doubled = GcsConnectors.doubled(connectors);
        if (doubled.isPresent()) {
            return new Finding(Check.Status.OPTIONAL, doubled.get(), "Only gs:// paths need one");
        }
        Path jars = AddOns.folder(environment).resolve("google").resolve(GoogleAddOn.LIB);
        String remedy = "Only gs:// paths and Dataproc need it: run 'arclight install google'";
        if (GoogleAddOn.jars().isInstalled(jars)) {
            return Finding.found("add-on google in " + jars);
        }
        if (Files.isDirectory(jars)) {
            return new Finding(Check.Status.OPTIONAL, "the add-on google is of another release", remedy);
        }
        return connectors.isEmpty()
                ? new Finding(Check.Status.OPTIONAL, "the add-on google is not installed", remedy)
                : Finding.found("a connector of your own, " + connectors.get(0));
    }
}
