package dev.arclight.track.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.rest.QueryString;
import dev.arclight.base.rest.RestClient;
import dev.arclight.base.rest.RestClient.Repeat;
import dev.arclight.track.AliasChange;
import dev.arclight.track.Limits;
import dev.arclight.track.LoggedModel;
import dev.arclight.track.LoggedModels;
import dev.arclight.track.ModelVersion;
import dev.arclight.track.Page;
import dev.arclight.track.Promotion;
import dev.arclight.track.RegisteredModel;
import dev.arclight.track.Registration;
import dev.arclight.track.Registry;
import dev.arclight.track.RegistrySearch;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The registry of a server. */
final class RestRegistry implements Registry {
    static final String MODELS = RestTracking.API + "/registered-models";
    private static final String VERSIONS = RestTracking.API + "/model-versions";

    /** MLflow's limit for registered models. */
    private static final int MODELS_A_PAGE = 1000;

    private final RestClient client;
    private final LoggedModels loggedModels;
    private final RestPromotions promotions;

    RestRegistry(RestClient client, LoggedModels loggedModels) {
        this.client = client;
        this.loggedModels = loggedModels;
        this.promotions = new RestPromotions(client, this);
    }

    @Override
    public RegisteredModel create(String name, String description, Map<String, String> tags) {
        Limits.checkModelName(name);
        tags.forEach(Limits::checkModelTag);
        ObjectNode body = Wire.object().put("name", name);
        Wire.putIfAny(body, "description", description);
        body.set("tags", Wire.pairs(tags));
        return model(client.send("POST", MODELS + "/create", body, Repeat.UNSAFE));
    }

    @Override
    public Optional<RegisteredModel> find(String name) {
        try {
            return Optional.of(load(name));
        } catch (ArclightException e) {
            if (e.code() == ErrorCode.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public RegisteredModel load(String name) {
        return readModel(loadRaw(name));
    }

    @Override
    public RegisteredModel rename(String name, String newName) {
        Limits.checkModelName(newName);
        return model(client.send(
                "POST", MODELS + "/rename", Wire.object().put("name", name).put("new_name", newName), Repeat.UNSAFE));
    }

    @Override
    public RegisteredModel describe(String name, String description) {
        return model(client.send(
                "PATCH",
                MODELS + "/update",
                Wire.object().put("name", name).put("description", description),
                Repeat.SAFE));
    }

    @Override
    public void delete(String name) {
        client.send("DELETE", MODELS + "/delete", Wire.object().put("name", name), Repeat.UNSAFE);
    }

    @Override
    public void setTag(String name, String key, String value) {
        Limits.checkModelTag(key, value);
        client.send(
                "POST",
                MODELS + "/set-tag",
                Wire.object().put("name", name).put("key", key).put("value", value),
                Repeat.SAFE);
    }

    @Override
    public void deleteTag(String name, String key) {
        client.send(
                "DELETE",
                MODELS + "/delete-tag",
                Wire.object().put("name", name).put("key", key),
                Repeat.SAFE);
    }

    @Override
    public Page<RegisteredModel> search(RegistrySearch search) {
        return Wire.page(
                client.get(MODELS + "/search", query(search, MODELS_A_PAGE)),
                "registered_models",
                RestRegistry::readModel);
    }

    @Override
    public ModelVersion register(Registration registration) {
        try {
            create(registration.name(), "", Map.of());
        } catch (ArclightException e) {
            // What is there is what was wanted; a lost answer is no matter, since the next call needs the model.
            if (e.code() != ErrorCode.ALREADY_EXISTS && e.code() != ErrorCode.OUTCOME_UNKNOWN) {
                throw e;
            }
        }
        return addVersion(registration);
    }

    @Override
    public ModelVersion addVersion(Registration registration) {
        Optional<String> modelId = LoggedModel.idIn(registration.source());
        String runId = registration.runId();
        if (runId.isEmpty() && modelId.isPresent()) {
            runId = loggedModels.load(modelId.get()).runId();
        }
        ObjectNode body = Wire.object().put("name", registration.name()).put("source", registration.source());
        Wire.putIfAny(body, "run_id", runId);
        Wire.putIfAny(body, "run_link", registration.runLink());
        Wire.putIfAny(body, "description", registration.description());
        modelId.ifPresent(id -> body.put("model_id", id));
        body.set("tags", Wire.pairs(registration.tags()));
        return version(client.send("POST", VERSIONS + "/create", body, Repeat.UNSAFE));
    }

    @Override
    public ModelVersion version(String name, int version) {
        return version(
                client.get(VERSIONS + "/get", QueryString.of("name", name).and("version", Integer.toString(version))));
    }

    @Override
    public Optional<ModelVersion> findByAlias(String name, String alias) {
        if (alias.equalsIgnoreCase("latest")) {
            return load(name).latestVersions().stream()
                    .max(Comparator.comparingInt(ModelVersion::version))
                    .map(newest -> version(name, newest.version()));
        }
        try {
            return Optional.of(version(
                    client.get(MODELS + "/alias", QueryString.of("name", name).and("alias", alias))));
        } catch (ArclightException e) {
            // MLflow calls an alias that is not set a wrong value.
            if (e.code() == ErrorCode.BAD_INPUT
                    && String.valueOf(e.getMessage()).contains("not found")) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public List<ModelVersion> versions(String name) {
        String quote = name.indexOf('\'') < 0 ? "'" : "\"";
        RegistrySearch search = RegistrySearch.all().withFilter("name = " + quote + name + quote);
        load(name); // NOT_FOUND, where a search would find nothing
        return Page.all(token -> searchVersions(search.withPageToken(token))).stream()
                .sorted(Comparator.comparingInt(ModelVersion::version).reversed())
                .toList();
    }

    @Override
    public Page<ModelVersion> searchVersions(RegistrySearch search) {
        return Wire.page(
                client.get(VERSIONS + "/search", query(search, RegistrySearch.MAX_RESULTS)),
                "model_versions",
                RestRegistry::readVersion);
    }

    @Override
    public ModelVersion describeVersion(String name, int version, String description) {
        return version(client.send(
                "PATCH", VERSIONS + "/update", of(name, version).put("description", description), Repeat.SAFE));
    }

    @Override
    public void deleteVersion(String name, int version) {
        client.send("DELETE", VERSIONS + "/delete", of(name, version), Repeat.UNSAFE);
    }

    @Override
    public void setVersionTag(String name, int version, String key, String value) {
        Limits.checkModelTag(key, value);
        client.send(
                "POST", VERSIONS + "/set-tag", of(name, version).put("key", key).put("value", value), Repeat.SAFE);
    }

    @Override
    public void deleteVersionTag(String name, int version, String key) {
        client.send("DELETE", VERSIONS + "/delete-tag", of(name, version).put("key", key), Repeat.SAFE);
    }

    @Override
    public ModelVersion transition(String name, int version, String stage, boolean archiveOthers) {
        return version(client.send(
                "POST",
                VERSIONS + "/transition-stage",
                of(name, version).put("stage", stage).put("archive_existing_versions", archiveOthers),
                Repeat.SAFE));
    }

    @Override
    public AliasChange promote(Promotion promotion) {
        return promotions.promote(promotion);
    }

    @Override
    public AliasChange rollback(String name, String alias, String who, String why) {
        return promotions.rollback(name, alias, who, why);
    }

    @Override
    public void removeAlias(String name, String alias, String who, String why) {
        promotions.remove(name, alias, who, why);
    }

    @Override
    public List<AliasChange> history(String name) {
        return promotions.history(name);
    }

    JsonNode loadRaw(String name) {
        return Wire.part(client.get(MODELS + "/get", QueryString.of("name", name)), "registered_model");
    }

    private static ObjectNode of(String name, int version) {
        return Wire.object().put("name", name).put("version", Integer.toString(version));
    }

    private static QueryString query(RegistrySearch search, int limit) {
        QueryString query = QueryString.of("max_results", Integer.toString(Math.min(search.maxResults(), limit)))
                .and("page_token", search.pageToken());
        if (!search.filter().isEmpty()) {
            query.and("filter", search.filter());
        }
        search.orderBy().forEach(key -> query.and("order_by", key));
        return query;
    }

    private static RegisteredModel model(JsonNode answer) {
        return readModel(Wire.part(answer, "registered_model"));
    }

    private static ModelVersion version(JsonNode answer) {
        return readVersion(Wire.part(answer, "model_version"));
    }

    private static RegisteredModel readModel(JsonNode json) {
        Map<String, Integer> aliases = new LinkedHashMap<>();
        json.path("aliases")
                .forEach(alias -> aliases.put(
                        Wire.text(alias, "alias"), alias.path("version").asInt()));
        Map<String, String> tags = Wire.pairs(json, "tags");
        tags.keySet().removeIf(RestPromotions::isHistory);
        return new RegisteredModel(
                Wire.text(json, "name"),
                Wire.text(json, "description"),
                Wire.number(json, "creation_timestamp"),
                Wire.number(json, "last_updated_timestamp"),
                tags,
                aliases,
                Wire.list(json, "latest_versions", RestRegistry::readVersion));
    }

    private static ModelVersion readVersion(JsonNode json) {
        String source = Wire.text(json, "source");
        return new ModelVersion(
                Wire.text(json, "name"),
                json.path("version").asInt(),
                source,
                Wire.text(json, "run_id"),
                Wire.find(json, "model_id").or(() -> LoggedModel.idIn(source)).orElse(""),
                Wire.find(json, "current_stage").orElse("None"),
                Wire.text(json, "description"),
                Wire.text(json, "user_id"),
                Wire.text(json, "run_link"),
                Wire.number(json, "creation_timestamp"),
                Wire.number(json, "last_updated_timestamp"),
                Wire.pairs(json, "tags"),
                Wire.list(json, "aliases", JsonNode::asText));
    }
}
