package dev.arclight.track.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.arclight.track.AliasChange;
import dev.arclight.track.Promotion;
import dev.arclight.track.Registry;
import dev.arclight.web.HttpError;
import dev.arclight.web.Reply;
import dev.arclight.web.Request;
import dev.arclight.web.Role;
import dev.arclight.web.Route;
import java.io.IOException;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What MLflow's API lacks, for Arclight's own client: aliases moved by compare-and-set with who and why, rolled back,
 * and their history ({@code /api/2.0/arclight/…}). Who promotes is the owner of the token; without tokens, on loopback,
 * whom the client names.
 */
final class AliasEndpoints {
    private static final String PATH = "/api/2.0/arclight/";

    private final Registry registry;

    AliasEndpoints(Registry registry) {
        this.registry = registry;
    }

    void addTo(Endpoints endpoints) {
        add(
                endpoints,
                "GET",
                "capabilities",
                Role.READ,
                (payload, request) -> MlflowJson.object().put("alias_history", true));
        add(endpoints, "GET", "aliases/history", Role.READ, (payload, request) -> {
            ObjectNode answer = MlflowJson.object();
            ArrayNode changes = answer.putArray("changes");
            registry.history(payload.required("name")).forEach(change -> changes.add(json(change)));
            return answer;
        });
        add(endpoints, "POST", "aliases/promote", Role.ADMIN, (payload, request) -> {
            Promotion promotion = Promotion.of(
                            payload.required("name"), payload.required("alias"), payload.integer("version", 0))
                    .by(who(payload, request))
                    .because(payload.text("why"));
            Optional<String> expected = payload.find("expected");
            if (expected.isPresent()) {
                promotion = promotion.expecting(version(expected.get()));
            }
            TreeMap<String, String> evidence = new TreeMap<>(payload.pairs("evidence"));
            for (String key : evidence.keySet()) {
                promotion = promotion.with(key, evidence.get(key));
            }
            return answer(registry.promote(promotion));
        });
        add(
                endpoints,
                "POST",
                "aliases/rollback",
                Role.ADMIN,
                (payload, request) -> answer(registry.rollback(
                        payload.required("name"),
                        payload.required("alias"),
                        who(payload, request),
                        payload.text("why"))));
        add(endpoints, "POST", "aliases/remove", Role.ADMIN, (payload, request) -> {
            registry.removeAlias(
                    payload.required("name"), payload.required("alias"), who(payload, request), payload.text("why"));
            return MlflowJson.object();
        });
    }

    private static void add(Endpoints endpoints, String method, String path, Role role, Endpoints.Call call) {
        endpoints.add(Route.of(method, PATH + path, role, request -> reply(call, request)));
    }

    private static Reply reply(Endpoints.Call call, Request request) throws IOException {
        return Reply.json(call.answer(Payload.of(request), request));
    }

    private static String who(Payload payload, Request request) {
        String named = payload.text("who");
        return request.caller().equals("local") && !named.isEmpty() ? named : request.caller();
    }

    private static Optional<Integer> version(String expected) {
        if (expected.equals("none")) {
            return Optional.empty();
        }
        try {
            return Optional.of(Integer.parseInt(expected));
        } catch (NumberFormatException e) {
            throw HttpError.badRequest("Parameter 'expected' is '%s': a version or 'none'".formatted(expected));
        }
    }

    private static ObjectNode answer(AliasChange change) {
        ObjectNode answer = MlflowJson.object();
        answer.set("change", json(change));
        return answer;
    }

    private static ObjectNode json(AliasChange change) {
        ObjectNode json = MlflowJson.object()
                .put("name", change.name())
                .put("alias", change.alias())
                .put("kind", change.kind().name());
        change.from().ifPresent(from -> json.put("from", from));
        change.to().ifPresent(to -> json.put("to", to));
        json.put("at", change.atMillis()).put("who", change.who()).put("why", change.why());
        ArrayNode evidence = json.putArray("evidence");
        new TreeMap<>(change.evidence())
                .forEach((key, value) -> evidence.addObject().put("key", key).put("value", value));
        return json;
    }
}
