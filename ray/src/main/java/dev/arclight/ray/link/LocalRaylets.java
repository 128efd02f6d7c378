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
     * Refuses to join a node that was started without Java: its raylet would crash, and then Ray's native library ends
     * our process.
     *
     * @throws ArclightException BAD_STATE
     */
    static void requireJava(RayTarget target) {
        List<List<String>> here = ProcessHandle.allProcesses()
                .map(LocalRaylets::arguments)
                .filter(arguments ->
                        arguments.stream().anyMatch(one -> one.startsWith(HEAD) && one.endsWith(":" + target.port())))
                .filter(arguments -> arguments.stream().anyMatch(one -> one.startsWith(JAVA)))
                .toList();
        if (!here.isEmpty() && here.stream().allMatch(arguments -> arguments.contains(JAVA))) {
            throw new ArclightException(
                    ErrorCode.BAD_STATE,
                    "The Ray node on this machine (cluster %s) was started where no java was on the PATH, so it cannot run Java and crashes if asked to: stop it and start it again with Java %d on the PATH"
                            .formatted(target, Runtime.version().feature()));
        }
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
