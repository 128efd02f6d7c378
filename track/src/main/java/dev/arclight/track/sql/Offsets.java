package dev.arclight.track.sql;

import static dev.arclight.base.ArclightException.badInput;

import dev.arclight.track.Page;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Page tokens as MLflow makes them: an offset in JSON in base 64. */
final class Offsets {
    private static final Pattern JSON = Pattern.compile("\\s*\\{\\s*\"offset\"\\s*:\\s*(\\d{1,18})\\s*}\\s*");

    private Offsets() {}

    static long of(Optional<String> token) {
        if (token.isEmpty() || token.get().isEmpty()) {
            return 0;
        }
        try {
            byte[] json = Base64.getDecoder().decode(token.get());
            Matcher matcher = JSON.matcher(new String(json, StandardCharsets.UTF_8));
            if (matcher.matches()) {
                return Long.parseLong(matcher.group(1));
            }
        } catch (IllegalArgumentException e) {
            throw badInput("Invalid page token '%s': it is no base 64".formatted(token.get()));
        }
        throw badInput("Invalid page token '%s': it holds no offset".formatted(token.get()));
    }

    /** The page made of what was asked for and, to see whether more follows, one more. */
    static <T> Page<T> page(List<T> oneMore, long offset, int maxResults) {
        if (oneMore.size() <= maxResults) {
            return new Page<>(oneMore, Optional.empty());
        }
        String json = "{\"offset\": %d}".formatted(offset + maxResults);
        String token = Base64.getEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8));
        return new Page<>(oneMore.subList(0, maxResults), Optional.of(token));
    }
}
