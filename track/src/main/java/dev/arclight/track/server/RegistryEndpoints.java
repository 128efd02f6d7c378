package dev.arclight.track.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.arclight.track.LoggedModel;
import dev.arclight.track.ModelVersion;
import dev.arclight.track.Page;
import dev.arclight.track.Promotion;
import dev.arclight.track.RegisteredModel;
import dev.arclight.track.Registration;
import dev.arclight.track.Registry;
import dev.arclight.track.RegistrySearch;
import dev.arclight.track.Tracking;
import dev.arclight.web.HttpError;
import dev.arclight.web.Role;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** {@code registered-models/…} and {@code model-versions/…}. */
final class RegistryEndpoints {
    private static final String WHY = "over MLflow's API, which takes no reason";

    private final Tracking tracking;
    private final Registry registry;

    RegistryEndpoints(Tracking tracking) {
        this.tracking = tracking;
        this.registry = tracking.registry();
    }

    void addTo(Endpoints endpoints) {
        addModels(endpoints);
        addAliases(endpoints);
        addVersions(endpoints);
    }

    private void addModels(Endpoints endpoints) {
        endpoints.post(
                "registered-models/create",
                (payload, request) -> answer(
                        registry.create(payload.required("name"), payload.text("description"), payload.pairs("tags"))));
        endpoints.get("registered-models/get", (payload, request) -> answer(registry.load(payload.required("name"))));
        endpoints.get("registered-models/search", (payload, request) -> {
            Page<RegisteredModel> page = registry.search(search(payload, 100));
            return MlflowJson.page(
                    "registered_models",
                    page.items().stream().map(MlflowJson::registered).toList(),
                    page.nextToken());
        });
        endpoints.add(
                "PATCH",
                "registered-models/update",
                Role.WRITE,
                (payload, request) -> answer(registry.describe(payload.required("name"), payload.text("description"))));
        endpoints.post(
                "registered-models/rename",
                (payload, request) -> answer(registry.rename(payload.required("name"), payload.required("new_name"))));
        endpoints.act(
                "DELETE",
                "registered-models/delete",
                Role.ADMIN,
                (payload, request) -> registry.delete(payload.required("name")));
        endpoints.act(
                "POST",
                "registered-models/set-tag",
                (payload, request) ->
                        registry.setTag(payload.required("name"), payload.required("key"), payload.text("value")));
        endpoints.act(
                "DELETE",
                "registered-models/delete-tag",
                (payload, request) -> registry.deleteTag(payload.required("name"), payload.required("key")));
        endpoints.get("registered-models/get-latest-versions", (payload, request) -> latest(payload));
        endpoints.look("registered-models/get-latest-versions", (payload, request) -> latest(payload));
    }

    private void addAliases(Endpoints endpoints) {
        endpoints.act(
                "POST",
                "registered-models/alias",
                Role.ADMIN,
                (payload, request) -> registry.promote(
                        Promotion.of(payload.required("name"), payload.required("alias"), version(payload))
                                .by(request.caller())
                                .because(WHY)));
        endpoints.act(
                "DELETE",
                "registered-models/alias",
                Role.ADMIN,
                (payload, request) -> registry.removeAlias(
                        payload.required("name"), payload.required("alias"), request.caller(), WHY));
        endpoints.get("registered-models/alias", (payload, request) -> {
            String alias = payload.required("alias");
            return answer(registry.findByAlias(payload.required("name"), alias)
                    .orElseThrow(() -> HttpError.badRequest("Registered model alias %s not found.".formatted(alias))));
        });
    }

    private void addVersions(Endpoints endpoints) {
        endpoints.post(
                "model-versions/create",
                (payload, request) -> answer(registry.addVersion(new Registration(
                        payload.required("name"),
                        payload.required("source"),
                        payload.text("run_id"),
                        payload.text("description"),
                        request.caller(),
                        payload.text("run_link"),
                        payload.pairs("tags")))));
        endpoints.get(
                "model-versions/get",
                (payload, request) -> answer(registry.version(payload.required("name"), version(payload))));
        endpoints.get("model-versions/search", (payload, request) -> {
            Page<ModelVersion> page = registry.searchVersions(search(payload, 10_000));
            return MlflowJson.page(
                    "model_versions",
                    page.items().stream().map(MlflowJson::version).toList(),
                    page.nextToken());
        });
        endpoints.add(
                "PATCH",
                "model-versions/update",
                Role.WRITE,
                (payload, request) -> answer(registry.describeVersion(
                        payload.required("name"), version(payload), payload.text("description"))));
        endpoints.act(
                "DELETE",
                "model-versions/delete",
                Role.ADMIN,
                (payload, request) -> registry.deleteVersion(payload.required("name"), version(payload)));
        endpoints.act(
                "POST",
                "model-versions/set-tag",
                (payload, request) -> registry.setVersionTag(
                        payload.required("name"), version(payload), payload.required("key"), payload.text("value")));
        endpoints.act(
                "DELETE",
                "model-versions/delete-tag",
                (payload, request) ->
                        registry.deleteVersionTag(payload.required("name"), version(payload), payload.required("key")));
        endpoints.post(
                "model-versions/transition-stage",
                (payload, request) -> answer(registry.transition(
                        payload.required("name"),
                        version(payload),
                        payload.required("stage"),
                        payload.flag("archive_existing_versions", false))));
        endpoints.get("model-versions/get-download-uri", (payload, request) -> {
            ModelVersion version = registry.version(payload.required("name"), version(payload));
            String uri = version.source();
            if (!version.modelId().isEmpty()) {
                LoggedModel model = tracking.models().load(version.modelId());
                uri = model.artifactUri();
            }
            return MlflowJson.object().put("artifact_uri", uri);
        });
    }

    private ObjectNode latest(Payload payload) {
        RegisteredModel model = registry.load(payload.required("name"));
        List<String> stages = payload.texts("stages").stream()
                .map(stage -> stage.toLowerCase(Locale.ROOT))
                .toList();
        List<ObjectNode> versions = model.latestVersions().stream()
                .filter(version ->
                        stages.isEmpty() || stages.contains(version.stage().toLowerCase(Locale.ROOT)))
                .map(MlflowJson::version)
                .toList();
        return MlflowJson.page("model_versions", versions, Optional.empty());
    }

    private static RegistrySearch search(Payload payload, int fallback) {
        return new RegistrySearch(
                payload.text("filter"),
                payload.texts("order_by"),
                payload.integer("max_results", fallback),
                Endpoints.token(payload));
    }

    private static int version(Payload payload) {
        String text = payload.required("version");
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw HttpError.badRequest("Parameter 'version' must be an integer, got '%s'.".formatted(text));
        }
    }

    private static ObjectNode answer(RegisteredModel model) {
        ObjectNode json = MlflowJson.object();
        json.set("registered_model", MlflowJson.registered(model));
        return json;
    }

    private static ObjectNode answer(ModelVersion version) {
        ObjectNode json = MlflowJson.object();
        json.set("model_version", MlflowJson.version(version));
        return json;
    }
}
