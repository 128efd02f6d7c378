package dev.arclight.ray.actor;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import io.ray.api.BaseActorHandle;
import io.ray.api.ObjectRef;
import io.ray.api.PyActorHandle;
import io.ray.api.Ray;
import io.ray.api.exception.RayException;
import io.ray.api.exception.RayTimeoutException;
import io.ray.api.function.PyActorMethod;
import io.ray.api.function.PyFunction;
import java.time.Duration;
import java.util.Optional;

/** Calls of the directory of datasets, a Python actor; from the driver by way of its link, from executors as it is. */
public final class DirectoryCall {
    private static final String NAME = "arclight-directory";

    private DirectoryCall() {}

    /** Like {@code RayLink.runPython}. */
    static void runPython(String source, Duration atMost) {
        get(
                Ray.task(PyFunction.of("builtins", "exec", Object.class), PythonText.program(source))
                        .remote(),
                "Python on the cluster",
                atMost);
    }

    /** Like {@code RayLink.askDirectory}. */
    public static byte[] ask(byte[] request, Duration atMost) {
        Optional<BaseActorHandle> directory = Ray.getActor(NAME, NativeRayLink.NAMESPACE);
        if (directory.isEmpty()) {
            throw ArclightException.notFound("No dataset has been published on this Ray cluster yet");
        }
        ObjectRef<byte[]> answer = ((PyActorHandle) directory.get())
                .task(PyActorMethod.of("ask", byte[].class), request)
                .remote();
        return get(answer, "the directory of datasets", atMost);
    }

    private static <T> T get(ObjectRef<T> answer, String who, Duration atMost) {
        try {
            return Ray.get(answer, atMost.toMillis());
        } catch (RayTimeoutException e) {
            throw new ArclightException(
                    ErrorCode.TIMEOUT, "No answer from %s within %d s".formatted(who, atMost.toSeconds()), e);
        } catch (RayException e) {
            throw new ArclightException(
                    ErrorCode.UNAVAILABLE, "No answer from %s: %s".formatted(who, RayFailure.sentence(e)), e);
        }
    }
}
