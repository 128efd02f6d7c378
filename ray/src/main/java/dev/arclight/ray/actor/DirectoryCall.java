package dev.arclight.ray.actor;

import dev.arclight.base.ArclightException;
import java.time.Duration;

/** Calls of the directory of datasets, a Python actor; from the driver by way of its link, from executors as it is. */
public final class DirectoryCall {
    private static final String NAME = "arclight-directory";

    private DirectoryCall() {}

    /** Like {@code RayLink.askDirectory}. */
    public static byte[] ask(byte[] request, Duration atMost) {
        return PythonCall.ask(NAME, "the directory of datasets", request, atMost)
                .orElseThrow(() -> ArclightException.notFound("No dataset has been published on this Ray cluster yet"));
    }
}
