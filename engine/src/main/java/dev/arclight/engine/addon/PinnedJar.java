package dev.arclight.engine.addon;

/**
 * A jar whose content is known before it is fetched.
 *
 * @param coordinates {@code group:artifact:version} or {@code group:artifact:version:classifier}
 * @param sha256 of the jar, in lower-case hexadecimal
 */
public record PinnedJar(String coordinates, String sha256) {
    public PinnedJar {
        if (!coordinates.matches("[^: ]+(:[^: ]+){2,3}") || !sha256.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("Not a pin: " + coordinates + " " + sha256);
        }
    }

    /** As it is called in a Maven repository. */
    public String fileName() {
        String[] parts = coordinates.split(":", -1);
        return parts[1] + "-" + parts[2] + (parts.length > 3 ? "-" + parts[3] : "") + ".jar";
    }

    /** Whether Spark's own resolution can name it: that knows no classifiers. */
    boolean isPlain() {
        return coordinates.split(":", -1).length == 3;
    }
}
