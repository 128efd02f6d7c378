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

/** Python on the cluster: programs, and actors that such programs started. */
final class PythonCall {
    private PythonCall() {}

    /** Like {@code RayLink.runPython}. */
    static void run(String source, Duration atMost) {
        get(
                Ray.task(PyFunction.of("builtins", "exec", Object.class), PythonText.program(source))
                        .remote(),
                "Python on the cluster",
                atMost);
    }

    /**
     * Calls {@code ask} of a named actor.
     *
     * @param who names it in messages
     * @return empty if there is no such actor
     */
    static Optional<byte[]> ask(String name, String who, byte[] request, Duration atMost) {
        Optional<BaseActorHandle> actor = Ray.getActor(name, NativeRayLink.NAMESPACE);
        return actor.map(found -> {
            ObjectRef<byte[]> answer = ((PyActorHandle) found)
                    .task(PyActorMethod.of("ask", byte[].class), request)
                    .remote();
            return get(answer, who, atMost);
        });
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
