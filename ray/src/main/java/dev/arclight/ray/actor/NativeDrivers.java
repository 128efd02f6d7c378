package dev.arclight.ray.actor;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.ray.link.ActorRequest;
import dev.arclight.ray.link.DriverQuestion;
import io.ray.api.ActorHandle;
import io.ray.api.ObjectRef;
import io.ray.api.Ray;
import io.ray.api.exception.RayException;
import io.ray.api.exception.RayTimeoutException;
import io.ray.api.options.ActorLifetime;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Drivers as detached actors, over Ray's Java API. */
final class NativeDrivers {
    /** Questions are answered while the application runs. */
    private static final int CONCURRENCY = 4;

    private NativeDrivers() {}

    static void start(ActorRequest request, byte[] instructions, Duration atMost) {
        ActorHandle<DriverActor> actor = Ray.actor(DriverActor::new)
                .setName(request.name())
                .setLifetime(ActorLifetime.DETACHED)
                .setJvmOptions(request.jvmOptions())
                .setResources(new HashMap<>(request.resources()))
                .setMaxConcurrency(CONCURRENCY)
                .setMaxRestarts(0)
                .remote();
        try {
            String said = get(actor.task(DriverActor::start, instructions).remote(), atMost);
            if (said != null && said.startsWith(ExecutorActor.FAILED)) {
                throw new ArclightException(
                        ErrorCode.UNAVAILABLE,
                        "The driver did not start " + said.substring(ExecutorActor.FAILED.length()));
            }
        } catch (RuntimeException e) {
            actor.kill();
            throw e;
        }
    }

    static Optional<byte[]> ask(String name, DriverQuestion question, long argument, Duration atMost) {
        Optional<ActorHandle<DriverActor>> actor = Ray.getActor(name);
        if (actor.isEmpty()) {
            return Optional.empty();
        }
        byte[] answer = get(
                actor.get().task(DriverActor::ask, question.name(), argument).remote(), atMost);
        byte[] said = answer == null ? new byte[0] : answer; // Ray gives an array of no bytes back as null
        String text = said.length < 1000 ? new String(said, StandardCharsets.UTF_8) : "";
        if (question != DriverQuestion.LOG && text.startsWith(ExecutorActor.FAILED)) {
            throw new ArclightException(
                    ErrorCode.UNAVAILABLE, "The driver says: " + text.substring(ExecutorActor.FAILED.length()));
        }
        return Optional.of(said);
    }

    static void kill(String name) {
        Optional<ActorHandle<DriverActor>> actor = Ray.getActor(name);
        actor.ifPresent(ActorHandle::kill);
    }

    private static <T> @Nullable T get(ObjectRef<T> ref, Duration atMost) {
        try {
            return Ray.get(ref, atMost.toMillis());
        } catch (RayTimeoutException e) {
            throw new ArclightException(
                    ErrorCode.TIMEOUT,
                    "No word from the driver within %d s: is there room for it on the cluster?"
                            .formatted(atMost.toSeconds()),
                    e);
        } catch (RayException e) {
            throw new ArclightException(
                    ErrorCode.UNAVAILABLE, "The driver's process is no more: " + RayFailure.sentence(e), e);
        }
    }
}
