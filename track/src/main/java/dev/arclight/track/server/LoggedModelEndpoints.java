package dev.arclight.track.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.arclight.track.LoggedModel;
import dev.arclight.track.LoggedModelSearch;
import dev.arclight.track.LoggedModelStart;
import dev.arclight.track.Metric;
import dev.arclight.track.Page;
import dev.arclight.track.Tracking;
import dev.arclight.web.Role;
import java.util.List;
import java.util.Optional;

/** {@code logged-models/…}. */
final class LoggedModelEndpoints {
    private static final String ID = "logged-models/{model_id}";

    private final Tracking tracking;

    LoggedModelEndpoints(Tracking tracking) {
        this.tracking = tracking;
    }

    void addTo(Endpoints endpoints) {
        endpoints.post(
                "logged-models",
                (payload, request) -> answer(tracking.models()
                        .create(new LoggedModelStart(
                                payload.required("experiment_id"),
                                payload.text("name"),
                                payload.text("source_run_id"),
                                payload.text("model_type"),
                                payload.pairs("params"),
                                payload.pairs("tags")))));
        endpoints.look("logged-models/search", (payload, request) -> search(payload));
        endpoints.get(ID, (payload, request) -> answer(tracking.models().load(request.parameter("model_id"))));
        endpoints.add(
                "PATCH",
                ID,
                Role.WRITE,
                (payload, request) -> answer(tracking.models()
                        .finish(request.parameter("model_id"), MlflowJson.status(payload.required("status")))));
        endpoints.act("DELETE", ID, (payload, request) -> tracking.models().delete(request.parameter("model_id")));
        endpoints.act(
                "POST",
                ID + "/params",
                (payload, request) -> tracking.models().params(request.parameter("model_id"), payload.pairs("params")));
        endpoints.add("PATCH", ID + "/tags", Role.WRITE, (payload, request) -> {
            tracking.models().tags(request.parameter("model_id"), payload.pairs("tags"));
            return answer(tracking.models().load(request.parameter("model_id")));
        });
        endpoints.act(
                "DELETE",
                ID + "/tags/{tag_key}",
                (payload, request) ->
                        tracking.models().deleteTag(request.parameter("model_id"), request.parameter("tag_key")));
        endpoints.get(ID + "/artifacts/directories", (payload, request) -> {
            LoggedModel model = tracking.models().load(request.parameter("model_id"));
            List<ObjectNode> files =
                    tracking.artifacts().list(model.artifactUri(), payload.text("artifact_directory_path")).stream()
                            .map(MlflowJson::file)
                            .toList();
            return MlflowJson.page("files", files, Optional.empty()).put("root_uri", model.artifactUri());
        });
    }

    private ObjectNode search(Payload payload) {
        List<Metric.Origin> datasets = payload.objects("datasets").stream()
                .map(dataset -> new Metric.Origin("", dataset.required("dataset_name"), dataset.text("dataset_digest")))
                .toList();
        List<String> order = payload.objects("order_by").stream()
                .map(key -> quoted(key.required("field_name")) + (key.flag("ascending", true) ? " ASC" : " DESC"))
                .toList();
        Page<LoggedModel> page = tracking.models()
                .search(new LoggedModelSearch(
                        payload.texts("experiment_ids"),
                        payload.text("filter"),
                        datasets,
                        order,
                        payload.integer("max_results", 100),
                        Endpoints.token(payload)));
        return MlflowJson.page(
                "models", page.items().stream().map(MlflowJson::model).toList(), page.nextToken());
    }

    /** A field comes here without the quotes that the grammar needs for some names. */
    private static String quoted(String field) {
        int dot = field.indexOf('.');
        return dot < 0 ? field : field.substring(0, dot + 1) + "`" + field.substring(dot + 1) + "`";
    }

    private static ObjectNode answer(LoggedModel model) {
        ObjectNode json = MlflowJson.object();
        json.set("model", MlflowJson.model(model));
        return json;
    }
}
