package dev.arclight.base.addon;

import dev.arclight.base.command.CommandContext;
import java.nio.file.Path;
import java.util.Map;

/**
 * Something large that is not in the release and that a user installs once by {@code arclight install NAME}. Pinned and
 * checksummed. Found by ServiceLoader.
 */
public interface AddOn {
    /** What the user types: lower case, no blanks. */
    String name();

    /** One line for the list of add-ons, with the rough size of the download. */
    String description();

    /**
     * Installs into {@code folder}, which is this add-on's own and may hold an older or a broken installation.
     *
     * @param environment of this process
     * @throws dev.arclight.base.ArclightException in one sentence, with {@code folder} as it was or unusable but not
     *     taken for installed
     */
    void install(Path folder, Map<String, String> environment, CommandContext context) throws InterruptedException;
}
