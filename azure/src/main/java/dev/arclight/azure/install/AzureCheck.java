package dev.arclight.azure.install;

import dev.arclight.base.addon.AddOns;
import dev.arclight.base.command.Check;
import dev.arclight.base.command.CommandContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Whether {@code azureml://} paths can be used, and by the jars that this release was built with. */
public final class AzureCheck implements Check {
    @Override
    public String name() {
        return "azureml://";
    }

    @Override
    public Finding look(CommandContext context) {
        return look(System.getenv());
    }

    static Finding look(Map<String, String> environment) {
        Path jars = AddOns.folder(environment).resolve("azure").resolve(AzureAddOn.LIB);
        String remedy = "Only azureml:// paths need it: run 'arclight install azure'";
        if (!Files.isDirectory(jars)) {
            return new Finding(Check.Status.OPTIONAL, "the add-on azure is not installed", remedy);
        }
        return AzureAddOn.jars().isInstalled(jars)
                ? Finding.found("add-on azure in " + jars)
                : new Finding(Check.Status.OPTIONAL, "the add-on azure is of another release", remedy);
    }
}
