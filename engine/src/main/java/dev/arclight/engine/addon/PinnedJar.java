package dev.arclight.engine.addon;

/**
 * A jar whose content is known before it is fetched.
 *
 * @param coordinates {@code group:artifact:version}
 * @param sha256 of the jar, in lower-case hexadecimal
 */
public record PinnedJar(String coordinates, String sha256) {
    public PinnedJar {
        if (!coordinates.matches("[^: ]+:[^: ]+:[^: ]+") || !sha256.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("Not a pin: " + coordinates + " " + sha256);
        }
    }

    /** As it is called in a Maven repository. */
    public String fileName() {
        String[] parts = coordinates.split(":", -1);
        return parts[1] + "-" + parts[2] + ".jar";
    }
}
