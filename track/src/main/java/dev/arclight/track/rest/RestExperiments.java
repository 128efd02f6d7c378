package dev.arclight.track.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.rest.QueryString;
import dev.arclight.base.rest.RestClient;
import dev.arclight.base.rest.RestClient.Repeat;
import dev.arclight.track.Experiment;
import dev.arclight.track.ExperimentSearch;
import dev.arclight.track.Experiments;
import dev.arclight.track.Lifecycle;
import dev.arclight.track.Limits;
import dev.arclight.track.Page;
import java.util.Map;
import java.util.Optional;

/** Experiments of a server. */
final class RestExperiments implements Experiments {
    private static final String PATH = RestTracking.API + "/experiments";

    private final RestClient client;

    RestExperiments(RestClient client) {
        this.client = client;
    }

    @Override
    public String create(String name, Optional<String> artifactLocation, Map<String, String> tags) {
        Limits.checkExperimentName(name);
        tags.forEach(Limits::checkExperimentTag);
        ObjectNode body = Wire.object().put("name", name);
        artifactLocation.ifPresent(location -> body.put("artifact_location", location));
        body.set("tags", Wire.pairs(tags));
        return Wire.text(client.send("POST", PATH + "/create", body, Repeat.UNSAFE), "experiment_id");
    }

    @Override
    public Experiment findOrCreate(String name) {
        Limits.checkExperimentName(name);
        Optional<Experiment> known = find(name);
        if (known.isEmpty()) {
            try {
                return load(create(name, Optional.empty(), Map.of()));
            } catch (ArclightException e) {
                if (e.code() != ErrorCode.ALREADY_EXISTS && e.code() != ErrorCode.OUTCOME_UNKNOWN) {
                    throw e;
                }
                known = find(name); // somebody else was first, or our own call took effect
                if (known.isEmpty()) {
                    throw e;
                }
            }
        }
        Experiment experiment = known.get();
        if (experiment.lifecycle() == Lifecycle.DELETED) {
            throw new ArclightException(
                    ErrorCode.BAD_STATE,
                    "Experiment '%s' was deleted: restore it (id %s) or use another name"
                            .formatted(name, experiment.id()));
        }
        return experiment;
    }

    @Override
    public Experiment load(String id) {
        return Wire.experiment(Wire.part(client.get(PATH + "/get", QueryString.of("experiment_id", id)), "experiment"));
    }

    @Override
    public Optional<Experiment> find(String name) {
        try {
            JsonNode answer = client.get(PATH + "/get-by-name", QueryString.of("experiment_name", name));
            return Optional.of(Wire.experiment(Wire.part(answer, "experiment")));
        } catch (ArclightException e) {
            if (e.code() == ErrorCode.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public void rename(String id, String name) {
        Limits.checkExperimentName(name);
        post("update", Wire.object().put("experiment_id", id).put("new_name", name));
    }

    @Override
    public void delete(String id) {
        post("delete", Wire.object().put("experiment_id", id));
    }

    @Override
    public void restore(String id) {
        post("restore", Wire.object().put("experiment_id", id));
    }

    @Override
    public void setTag(String id, String key, String value) {
        Limits.checkExperimentTag(key, value);
        post(
                "set-experiment-tag",
                Wire.object().put("experiment_id", id).put("key", key).put("value", value));
    }

    @Override
    public void deleteTag(String id, String key) {
        post("delete-experiment-tag", Wire.object().put("experiment_id", id).put("key", key));
    }

    @Override
    public Page<Experiment> search(ExperimentSearch search) {
        ObjectNode body = Wire.object()
                .put("view_type", Wire.view(search.view()))
                .put("max_results", search.maxResults())
                .put("filter", search.filter());
        body.set("order_by", Wire.texts(search.orderBy()));
        search.pageToken().ifPresent(token -> body.put("page_token", token));
        return Wire.page(client.send("POST", PATH + "/search", body, Repeat.SAFE), "experiments", Wire::experiment);
    }

    private void post(String call, ObjectNode body) {
        client.send("POST", PATH + "/" + call, body, Repeat.SAFE);
    }
}
