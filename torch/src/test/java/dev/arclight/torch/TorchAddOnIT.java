package dev.arclight.torch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.base.Cleanup;
import dev.arclight.base.Settings;
import dev.arclight.base.addon.AddOns;
import dev.arclight.base.command.CommandContext;
import dev.arclight.base.progress.Progress;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The real installation, by the Maven of this machine. */
@Tag("full")
@Timeout(600)
final class TorchAddOnIT {
    @TempDir
    Path folder;

    /** Would catch pins that Maven cannot bring, a wrong checksum, and a damaged installation taken for a good one. */
    @Test
    void installsWhatWorkersThenFindAndMendsWhatIsDamaged() throws Exception {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.put("XDG_DATA_HOME", folder.toString());
        Path own = AddOns.folder(environment).resolve("torch");
        PrintWriter writer = new PrintWriter(new StringWriter());
        CommandContext context =
                new CommandContext(writer, writer, Progress.NONE, Settings.empty(), new Cleanup(), false);
        new TorchAddOn().install(own, environment, context);

        assertThat(TorchLibrary.jars(environment, "")).hasSize(6).allMatch(jar -> jar.startsWith(own.toString()));
        Path damaged = Path.of(TorchLibrary.jars(environment, "").get(0));
        long bytes = Files.size(damaged);
        Files.write(damaged, new byte[] {1, 2, 3});
        new TorchAddOn().install(own, environment, context);
        assertThat(Files.size(damaged)).isEqualTo(bytes);
    }
}
