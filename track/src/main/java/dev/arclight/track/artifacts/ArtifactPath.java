package dev.arclight.track.artifacts;

import static dev.arclight.base.ArclightException.badInput;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Paths of artifacts: relative, {@code /} between parts; none leaves its folder. */
public final class ArtifactPath {
    private ArtifactPath() {}

    /**
     * Where {@code path} lies below {@code base}.
     *
     * @param path relative, {@code /} between parts; empty for {@code base} itself
     */
    public static Path below(Path base, String path) throws IOException {
        check(path);
        Path target = base;
        if (!path.isEmpty()) {
            for (String part : path.split("/", -1)) {
                try {
                    target = target.resolve(part);
                } catch (InvalidPathException e) {
                    throw refused(path);
                }
            }
        }
        refuseLinksOut(base, target, path);
        return target;
    }

    /**
     * Refuses a path that is no such path.
     *
     * @throws dev.arclight.base.ArclightException BAD_INPUT
     */
    public static void check(String path) {
        if (path.isEmpty()) {
            return;
        }
        for (String part : path.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..") || hasForbidden(part)) {
                throw refused(path);
            }
        }
    }

    private static boolean hasForbidden(String part) {
        // A backslash or a drive letter would be a separator or a root on Windows.
        return part.indexOf('\\') >= 0
                || part.indexOf('\0') >= 0
                || (part.length() == 2 && part.charAt(1) == ':' && Character.isLetter(part.charAt(0)));
    }

    private static void refuseLinksOut(Path base, Path target, String path) throws IOException {
        @Nullable Path existing = target;
        while (existing != null && !Files.exists(existing, LinkOption.NOFOLLOW_LINKS)) {
            existing = existing.getParent();
        }
        if (existing != null
                && existing.startsWith(base)
                && !existing.toRealPath().startsWith(base.toRealPath())) {
            throw badInput("Invalid path: '%s' leads out of the artifact folder through a link".formatted(path));
        }
    }

    private static RuntimeException refused(String path) {
        return badInput(
                "Invalid path: '%s'; expected one relative to the artifact folder, with no '..' and no empty part"
                        .formatted(path));
    }
}
