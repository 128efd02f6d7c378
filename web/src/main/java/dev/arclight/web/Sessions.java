package dev.arclight.web;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Who signed in by a browser: random ids, kept in memory for some hours. Safe for use by many threads. */
final class Sessions {
    static final Duration LIFE = Duration.ofHours(12);
    private static final int MOST = 10_000;
    private static final int ID_BYTES = 32;

    private record Session(Token token, long endsNanos) {}

    private final SecureRandom random = new SecureRandom();
    /** In the order of their beginning, which is that of their end too. */
    private final Map<String, Session> sessions = new LinkedHashMap<>();

    synchronized String begin(Token token) {
        sessions.values().removeIf(session -> session.endsNanos() - System.nanoTime() < 0);
        if (sessions.size() >= MOST) {
            sessions.remove(sessions.keySet().iterator().next());
        }
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        String id = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        sessions.put(id, new Session(token, System.nanoTime() + LIFE.toNanos()));
        return id;
    }

    synchronized Optional<Token> find(String id) {
        Session session = sessions.get(id);
        return session == null || session.endsNanos() - System.nanoTime() < 0
                ? Optional.empty()
                : Optional.of(session.token());
    }

    synchronized void end(String id) {
        sessions.remove(id);
    }
}
