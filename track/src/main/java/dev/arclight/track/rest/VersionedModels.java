package dev.arclight.track.rest;

import dev.arclight.base.rest.RestClient;
import dev.arclight.base.rest.RestClient.Repeat;
import dev.arclight.track.LoggedModel;
import dev.arclight.track.LoggedModelSearch;
import dev.arclight.track.LoggedModelStart;
import dev.arclight.track.LoggedModelStatus;
import dev.arclight.track.LoggedModels;
import dev.arclight.track.Page;
import dev.arclight.track.Runs;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Logged models as the server's version has them; asked for when they are first used. */
final class VersionedModels implements LoggedModels {
    private final RestClient client;
    private final Runs runs;
    private volatile @Nullable LoggedModels chosen;

    VersionedModels(RestClient client, Runs runs) {
        this.client = client;
        this.runs = runs;
    }

    @Override
    public LoggedModel create(LoggedModelStart start) {
        return chosen().create(start);
    }

    @Override
    public LoggedModel load(String modelId) {
        return chosen().load(modelId);
    }

    @Override
    public LoggedModel finish(String modelId, LoggedModelStatus status) {
        return chosen().finish(modelId, status);
    }

    @Override
    public void params(String modelId, Map<String, String> params) {
        chosen().params(modelId, params);
    }

    @Override
    public void tags(String modelId, Map<String, String> tags) {
        chosen().tags(modelId, tags);
    }

    @Override
    public void deleteTag(String modelId, String key) {
        chosen().deleteTag(modelId, key);
    }

    @Override
    public void delete(String modelId) {
        chosen().delete(modelId);
    }

    @Override
    public Page<LoggedModel> search(LoggedModelSearch search) {
        return chosen().search(search);
    }

    /** Which MLflow the server is, such as {@code 3.17.2}; empty if it does not say, as Databricks. */
    private String version() {
        HttpResponse<String> response =
                client.exchange(client.call("/version").GET().build(), BodyHandlers.ofString(), Repeat.SAFE, () -> 0);
        String text = response.body().strip();
        return response.statusCode() == 200 && text.length() < 100 ? text : "";
    }

    private LoggedModels chosen() {
        LoggedModels known = chosen;
        if (known == null) {
            // Two threads may both ask; they get the same answer.
            known = version().matches("[12]\\..*") ? new RunModels(runs) : new RestLoggedModels(client);
            chosen = known;
        }
        return known;
    }
}
