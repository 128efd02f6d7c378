package dev.arclight.ray.link;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The Ray nodes of this machine, as the command lines of their processes tell (on Linux; nothing is known elsewhere).
 */
final class LocalRaylets {
    private static final String JAVA = "--java_worker_command=";
    private static final String HEAD = "--gcs-address=";

    private LocalRaylets() {}

    /**
     * Refuses to join a node whose raylet cannot have us: one that was started without Java, which would crash, after
     * which Ray's native library ends our process; and one of another version.
     *
     * @param installation the Ray that this process is to load
     * @throws ArclightException BAD_STATE
     */
    static void requireFit(RayTarget target, RayInstallation installation) {
        List<List<String>> here = ProcessHandle.allProcesses()
                .map(LocalRaylets::arguments)
                .filter(arguments ->
                        arguments.stream().anyMatch(one -> one.startsWith(HEAD) && one.endsWith(":" + target.port())))
                .filter(arguments -> arguments.stream().anyMatch(one -> one.startsWith(JAVA)))
                .toList();
        if (here.isEmpty()) {
            return;
        }
        if (here.stream().allMatch(arguments -> arguments.contains(JAVA))) {
            throw new ArclightException(
                    ErrorCode.BAD_STATE,
                    "The Ray node on this machine (cluster %s) was started where no java was on the PATH, so it cannot run Java and crashes if asked to: stop it and start it again with Java %d on the PATH"
                            .formatted(target, Runtime.version().feature()));
        }
        List<RayInstallation> theirs =
                here.stream().map(LocalRaylets::installation).distinct().toList();
        if (theirs.stream().noneMatch(each -> each.fits(installation))) {
            throw new ArclightException(
                    ErrorCode.BAD_STATE,
                    "The Ray cluster at %s runs Ray %s, but this program found Ray %s in %s: set ARCLIGHT_RAY_JAR to %s"
                            .formatted(
                                    target,
                                    theirs.get(0).version(),
                                    installation.version(),
                                    installation.home(),
                                    theirs.get(0).jar()));
        }
    }

    /** That which a raylet is part of: its program is {@code ray/core/src/ray/raylet/raylet}. */
    private static RayInstallation installation(List<String> arguments) {
        Path home = Path.of(arguments.get(0)).resolve("../../../../..").normalize();
        return new RayInstallation(home, RayInstallation.versionOf(home));
    }

    private static List<String> arguments(ProcessHandle process) {
        try {
            return List.of(Files.readString(Path.of("/proc", String.valueOf(process.pid()), "cmdline"))
                    .split("\0", -1));
        } catch (IOException e) {
            return List.of(); // it has ended, is somebody else's, or this is no Linux
        }
    }
}
