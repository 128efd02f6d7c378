package dev.arclight.track.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.arclight.base.ArclightException;
import dev.arclight.track.Experiment;
import dev.arclight.track.ExperimentSearch;
import dev.arclight.track.Experiments;
import dev.arclight.track.Page;

/** {@code experiments/…}. */
final class ExperimentEndpoints {
    private final Experiments experiments;

    ExperimentEndpoints(Experiments experiments) {
        this.experiments = experiments;
    }

    void addTo(Endpoints endpoints) {
        endpoints.post("experiments/create", (payload, request) -> {
            String name = payload.required("name");
            String id = experiments.create(
                    name,
                    payload.find("artifact_location").filter(location -> !location.isEmpty()),
                    payload.pairs("tags"));
            return MlflowJson.object().put("experiment_id", id);
        });
        endpoints.get(
                "experiments/get", (payload, request) -> answer(experiments.load(payload.required("experiment_id"))));
        endpoints.get("experiments/get-by-name", (payload, request) -> {
            String name = payload.required("experiment_name");
            return answer(experiments
                    .find(name)
                    .orElseThrow(() ->
                            ArclightException.notFound("Could not find experiment with name '%s'".formatted(name))));
        });
        endpoints.get("experiments/search", (payload, request) -> search(payload));
        endpoints.look("experiments/search", (payload, request) -> search(payload));
        endpoints.act(
                "POST",
                "experiments/update",
                (payload, request) ->
                        experiments.rename(payload.required("experiment_id"), payload.required("new_name")));
        endpoints.act(
                "POST",
                "experiments/delete",
                (payload, request) -> experiments.delete(payload.required("experiment_id")));
        endpoints.act(
                "POST",
                "experiments/restore",
                (payload, request) -> experiments.restore(payload.required("experiment_id")));
        endpoints.act(
                "POST",
                "experiments/set-experiment-tag",
                (payload, request) -> experiments.setTag(
                        payload.required("experiment_id"), payload.required("key"), payload.text("value")));
        endpoints.act(
                "POST",
                "experiments/delete-experiment-tag",
                (payload, request) ->
                        experiments.deleteTag(payload.required("experiment_id"), payload.required("key")));
    }

    private ObjectNode search(Payload payload) {
        Page<Experiment> page = experiments.search(new ExperimentSearch(
                Endpoints.view(payload, "view_type"),
                payload.text("filter"),
                payload.texts("order_by"),
                payload.integer("max_results", 1000),
                Endpoints.token(payload)));
        return MlflowJson.page(
                "experiments", page.items().stream().map(MlflowJson::experiment).toList(), page.nextToken());
    }

    private static ObjectNode answer(Experiment experiment) {
        ObjectNode json = MlflowJson.object();
        json.set("experiment", MlflowJson.experiment(experiment));
        return json;
    }
}
