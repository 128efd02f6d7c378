package dev.arclight.azure.deploy;

import dev.arclight.base.ArclightException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A scoring server to be deployed.
 *
 * @param name lower case letters, digits and hyphens: the name of all that is made for it
 * @param image one that {@code deploy/image} builds: {@code arclight} is on its PATH and has been started before, so
 *     that it needs to write nothing
 * @param models as {@code arclight serve} takes them: {@code models:/...}, or directories in the image
 * @param tracking the store that {@code models:/...} are looked up in
 * @param least replicas, at least 1
 * @param most replicas, at least {@code least}
 * @param cpus of a replica, as Kubernetes writes it
 * @param memory of a replica, as Kubernetes writes it
 * @param knownAs further host names that callers use
 */
record Serving(
        String name,
        String image,
        List<String> models,
        Optional<String> tracking,
        int least,
        int most,
        String cpus,
        String memory,
        List<String> knownAs) {
    static final int PORT = 5001;
    /** Where the token is in the container. */
    static final String TOKEN_FILE = "/var/run/arclight/token";

    Serving {
        models = List.copyOf(models);
        knownAs = List.copyOf(knownAs);
        require(name.matches("[a-z]([a-z0-9-]{1,28}[a-z0-9])?"), "--name", name, "3 to 30 letters, digits and hyphens");
        require(image.matches("\\S+[:@]\\S+"), "--image", image, "an image with its tag or digest");
        require(least >= 1, "--min", String.valueOf(least), "at least 1");
        require(most >= least, "--max", String.valueOf(most), "at least --min, which is " + least);
        require(cpus.matches("\\d+m|\\d+(\\.\\d+)?"), "--cpu", cpus, "such as 500m or 2");
        require(memory.matches("\\d+(Mi|Gi)"), "--memory", memory, "such as 512Mi or 2Gi");
        if (tracking.isEmpty() && models.stream().anyMatch(model -> model.startsWith("models:"))) {
            throw ArclightException.badInput(
                    "%s is looked up in a tracking server that the containers reach: give --tracking URI"
                            .formatted(models.get(0)));
        }
    }

    private static void require(boolean holds, String option, String seen, String expected) {
        if (!holds) {
            throw ArclightException.badInput("%s is '%s', expected %s".formatted(option, seen, expected));
        }
    }

    /** What the container runs. */
    List<String> command() {
        List<String> command = new ArrayList<>(List.of("arclight", "serve"));
        command.addAll(models);
        command.addAll(List.of("--host", "0.0.0.0", "--port", String.valueOf(PORT), "--token-file", TOKEN_FILE));
        knownAs.forEach(host -> command.addAll(List.of("--known-as", host)));
        return command;
    }
}
