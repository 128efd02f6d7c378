package dev.arclight.track.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.rest.QueryString;
import dev.arclight.base.rest.RestClient;
import dev.arclight.base.rest.RestClient.Repeat;
import dev.arclight.track.AliasChange;
import dev.arclight.track.AliasChange.Kind;
import dev.arclight.track.Promotion;
import dev.arclight.track.gates.Gate;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Moves aliases on a server and tells their history.
 *
 * <p>Arclight's own server does both in one transaction, over paths that MLflow has not ({@code /api/2.0/arclight}).
 * MLflow and Databricks only set an alias: there this looks what the alias names, then sets it (two clients that
 * promote within the same instant may both succeed), and writes each change as a tag of the registered model, under a
 * key that holds its time, so that one entry never replaces another. Moves by other programs are not in that history.
 */
final class RestPromotions {
    static final String OWN = "/api/2.0/arclight";

    private static final String TAG = "arclight.alias-history.";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final RestClient client;
    private final RestRegistry registry;
    private volatile @Nullable Boolean ownServer; // null: not asked yet

    private final AtomicLong lastMillis = new AtomicLong();

    RestPromotions(RestClient client, RestRegistry registry) {
        this.client = client;
        this.registry = registry;
    }

    /** Whether a tag of a registered model is an entry of the history. */
    static boolean isHistory(String tag) {
        return tag.startsWith(TAG);
    }

    AliasChange promote(Promotion promotion) {
        if (isOwnServer()) {
            ObjectNode body = named(promotion.name(), promotion.alias(), promotion.who(), promotion.why())
                    .put("version", promotion.toVersion());
            if (promotion.expected() instanceof Promotion.Expected.Version version) {
                body.put("expected", Integer.toString(version.number()));
            } else if (promotion.expected() instanceof Promotion.Expected.None) {
                body.put("expected", "none");
            }
            body.set("evidence", Wire.pairs(promotion.evidence()));
            return own("promote", body);
        }
        OptionalInt now = current(promotion.name(), promotion.alias());
        promotion.requireExpected(now);
        return move(new AliasChange(
                promotion.name(),
                promotion.alias(),
                Kind.PROMOTE,
                now,
                OptionalInt.of(promotion.toVersion()),
                time(),
                promotion.who(),
                promotion.why(),
                Gate.marked(promotion, registry.load(promotion.name()).tags()).evidence()));
    }

    AliasChange rollback(String name, String alias, String who, String why) {
        if (isOwnServer()) {
            return own("rollback", named(name, alias, who, why));
        }
        OptionalInt now = current(name, alias);
        int target = AliasChange.rollbackTarget(name, alias, now, history(name));
        return move(
                new AliasChange(name, alias, Kind.ROLLBACK, now, OptionalInt.of(target), time(), who, why, Map.of()));
    }

    void remove(String name, String alias, String who, String why) {
        if (isOwnServer()) {
            client.send("POST", OWN + "/aliases/remove", named(name, alias, who, why), Repeat.UNSAFE);
            return;
        }
        OptionalInt now = current(name, alias);
        if (now.isPresent()) {
            move(new AliasChange(name, alias, Kind.REMOVE, now, OptionalInt.empty(), time(), who, why, Map.of()));
        }
    }

    List<AliasChange> history(String name) {
        if (isOwnServer()) {
            return Wire.list(
                    client.get(OWN + "/aliases/history", QueryString.of("name", name)),
                    "changes",
                    json -> read(name, json));
        }
        Map<String, String> entries = new TreeMap<>(Wire.pairs(registry.loadRaw(name), "tags"));
        entries.keySet().removeIf(key -> !isHistory(key));
        return entries.values().stream().map(entry -> read(name, parse(entry))).toList();
    }

    private boolean isOwnServer() {
        Boolean known = ownServer;
        if (known == null) {
            try {
                known = client.get(OWN + "/capabilities", QueryString.none())
                        .path("alias_history")
                        .asBoolean();
            } catch (ArclightException e) {
                if (e.code() != ErrorCode.NOT_FOUND && e.code() != ErrorCode.BAD_INPUT) {
                    throw e;
                }
                known = false;
            }
            ownServer = known;
        }
        return known;
    }

    /** Now, but later than what this client wrote before, since the order of entries is that of their times. */
    private long time() {
        return lastMillis.updateAndGet(last -> Math.max(last + 1, System.currentTimeMillis()));
    }

    private OptionalInt current(String name, String alias) {
        Integer version = registry.load(name).aliases().get(alias);
        return version == null ? OptionalInt.empty() : OptionalInt.of(version);
    }

    private AliasChange own(String call, ObjectNode body) {
        JsonNode answer = client.send("POST", OWN + "/aliases/" + call, body, Repeat.UNSAFE);
        return read(Wire.text(body, "name"), Wire.part(answer, "change"));
    }

    /** Moves the alias, then writes that down: an entry without a move would mislead a rollback. */
    private AliasChange move(AliasChange change) {
        ObjectNode body = Wire.object().put("name", change.name()).put("alias", change.alias());
        if (change.to().isPresent()) {
            body.put("version", Integer.toString(change.to().getAsInt()));
            client.send("POST", RestRegistry.MODELS + "/alias", body, Repeat.SAFE);
        } else {
            client.send("DELETE", RestRegistry.MODELS + "/alias", body, Repeat.SAFE);
        }
        ObjectNode entry = Wire.object().put("alias", change.alias());
        entry.put("kind", change.kind().name());
        change.from().ifPresent(from -> entry.put("from", from));
        change.to().ifPresent(to -> entry.put("to", to));
        entry.put("at", change.atMillis()).put("who", change.who()).put("why", change.why());
        entry.set("evidence", Wire.pairs(change.evidence()));
        String key = "%s%013d-%s"
                .formatted(TAG, change.atMillis(), UUID.randomUUID().toString().substring(0, 8));
        registry.setTag(change.name(), key, entry.toString());
        return change;
    }

    private static ObjectNode named(String name, String alias, String who, String why) {
        return Wire.object()
                .put("name", name)
                .put("alias", alias)
                .put("who", who)
                .put("why", why);
    }

    private static JsonNode parse(String entry) {
        try {
            return JSON.readTree(entry);
        } catch (JsonProcessingException e) {
            throw new ArclightException(
                    ErrorCode.BAD_STATE,
                    "A tag %s… of the registered model is no entry of its history".formatted(TAG),
                    e);
        }
    }

    private static AliasChange read(String name, JsonNode json) {
        return new AliasChange(
                name,
                Wire.text(json, "alias"),
                Kind.valueOf(Wire.text(json, "kind")),
                version(json, "from"),
                version(json, "to"),
                Wire.number(json, "at"),
                Wire.text(json, "who"),
                Wire.text(json, "why"),
                Wire.pairs(json, "evidence"));
    }

    private static OptionalInt version(JsonNode json, String name) {
        return json.hasNonNull(name) ? OptionalInt.of(json.get(name).asInt()) : OptionalInt.empty();
    }
}
