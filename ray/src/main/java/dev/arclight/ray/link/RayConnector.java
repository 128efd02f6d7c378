package dev.arclight.ray.link;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Opens {@link RayLink}s: finds Ray's jar, loads it, and turns what can go wrong into one sentence each. */
public final class RayConnector {
    private static final Duration CONNECT = Duration.ofSeconds(20);
    private static final String LINK = "dev.arclight.ray.actor.NativeRayLink";

    private RayConnector() {}

    /** Ray's native library can be loaded once a process, so the loader lives as long as the process. */
    private static final class Loaded {
        private static @Nullable ClassLoader loader;
        private static @Nullable Path jar;

        private Loaded() {}

        static synchronized ClassLoader of(RayInstallation installation) {
            ClassLoader existing = loader;
            if (existing != null) {
                if (jar != null && !jar.equals(installation.jar())) {
                    throw new ArclightException(
                            ErrorCode.BAD_STATE,
                            "This process uses Ray's %s already and cannot change to %s: start another process"
                                    .formatted(jar, installation.jar()));
                }
                return existing;
            }
            ClassLoader application = RayConnector.class.getClassLoader();
            ClassLoader made;
            if (onClassPath(application)) {
                made = application;
            } else {
                try {
                    URL ours = RayConnector.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation();
                    made = new RayClassLoader(ours, installation.jar().toUri().toURL(), application);
                } catch (MalformedURLException e) {
                    throw new ArclightException(ErrorCode.INTERNAL, "Not a URL: " + installation.jar(), e);
                }
                jar = installation.jar();
            }
            loader = made;
            return made;
        }

        /** Whether the application has Ray itself: then we share its runtime. */
        private static boolean onClassPath(ClassLoader application) {
            return application.getResource("io/ray/runtime/RayNativeRuntime.class") != null;
        }
    }

    /**
     * Joins the cluster as a new job.
     *
     * @param environment of this process, and what else Ray's native library must see of {@code RAY_AUTH_...}
     * @param addOns where {@code arclight install} puts things
     * @return owned by the caller
     * @throws ArclightException within 30 s: NOT_FOUND (no Ray installed), UNAVAILABLE (nobody there, or not a GCS),
     *     FORBIDDEN (token), BAD_STATE (its node on this machine runs without Java, or is of another version)
     */
    public static RayLink connect(RayTarget target, Map<String, String> environment, Path addOns) {
        RayInstallation installation = installation(environment, addOns);
        Path home = Path.of(System.getProperty("user.home"));
        Map<String, String> additions = new HashMap<>(
                Map.of("RAY_BACKEND_LOG_LEVEL", environment.getOrDefault("RAY_BACKEND_LOG_LEVEL", "warning")));
        environment.forEach((name, value) -> {
            if (name.startsWith("RAY_AUTH_")) {
                additions.put(name, value);
            }
        });
        if (RayToken.decide(environment, home) == RayToken.Mode.TURN_ON) {
            additions.put("RAY_AUTH_MODE", "token");
        }
        LocalRaylets.requireFit(target, installation);
        ClassLoader loader = Loaded.of(installation);
        CompletableFuture<RayLink> connected = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        Class<?> link = Class.forName(LINK, true, loader);
                        connected.complete((RayLink)
                                link.getConstructor(String.class, Map.class).newInstance(target.toString(), additions));
                    } catch (InvocationTargetException e) {
                        connected.completeExceptionally(e.getCause());
                    } catch (ReflectiveOperationException | RuntimeException | Error e) {
                        connected.completeExceptionally(e);
                    }
                },
                "arclight-ray-connect");
        thread.setDaemon(true);
        thread.setContextClassLoader(loader);
        thread.start();
        try {
            return connected.get(CONNECT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw explain(target, installation, e.getCause());
        } catch (TimeoutException e) {
            letGo(connected);
            throw notRay(target, installation, e);
        } catch (InterruptedException e) {
            letGo(connected);
            Thread.currentThread().interrupt();
            throw new ArclightException(ErrorCode.CANCELLED, "Interrupted while connecting to Ray at " + target, e);
        }
    }

    /** What nobody waits for any more must not stay joined: the next link of this process would share it. */
    private static void letGo(CompletableFuture<RayLink> connecting) {
        CompletableFuture<Void> unused = connecting.thenAccept(RayLink::close);
    }

    /** The Ray of this machine. */
    public static RayInstallation installation(Map<String, String> environment, Path addOns) {
        Optional<RayInstallation> found = RayInstallation.find(environment, addOns);
        return found.orElseThrow(() -> ArclightException.notFound(
                "No Ray on this machine (looked at ARCLIGHT_RAY_JAR, the virtual environment, ray and python3 on the PATH):"
                        + " `arclight install ray` installs one, or set ARCLIGHT_RAY_JAR to the ray_dist.jar of the"
                        + " cluster's version"));
    }

    private static ArclightException explain(RayTarget target, RayInstallation installation, @Nullable Throwable why) {
        String said = "";
        for (Throwable t = why; t != null; t = t.getCause()) {
            if (t instanceof ArclightException ours) {
                return ours;
            }
            said = String.valueOf(t.getMessage()).lines().findFirst().orElse("");
        }
        if (said.contains("InvalidAuthToken") || said.contains("Unauthenticated")) {
            return new ArclightException(
                    ErrorCode.FORBIDDEN,
                    "The Ray cluster at %s refuses our token (or we have none): set RAY_AUTH_TOKEN, or RAY_AUTH_TOKEN_PATH to the file that holds the cluster's (default ~/.ray/auth_token)"
                            .formatted(target),
                    why);
        }
        if (said.contains("Timed out while waiting for GCS")) {
            return notRay(target, installation, why);
        }
        return new ArclightException(
                ErrorCode.UNAVAILABLE,
                "Cannot join the Ray cluster at %s with Ray %s of %s: %s"
                        .formatted(target, installation.version(), installation.home(), said),
                why);
    }

    private static ArclightException notRay(RayTarget target, RayInstallation installation, @Nullable Throwable why) {
        return new ArclightException(
                ErrorCode.UNAVAILABLE,
                "Something listens at %s but does not answer as Ray's GCS within %d s: is it the port of `ray start --port`, and does the cluster run Ray %s, which is installed here?"
                        .formatted(target, CONNECT.toSeconds(), installation.version()),
                why);
    }
}
