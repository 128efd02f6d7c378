package dev.arclight.serve;

import dev.arclight.web.Reply;
import dev.arclight.web.Request;
import java.io.IOException;

/** The way of a request to {@code /invocations}: which version, admission, answer, watchers. */
final class Invocations {
    private final Models models;
    private final Admission admission;
    private final Watching watching;

    Invocations(Models models, Admission admission, Watching watching) {
        this.models = models;
        this.admission = admission;
        this.watching = watching;
    }

    /**
     * Whether the thread that read the request may answer it.
     *
     * @throws dev.arclight.web.HttpError 429 if it may not and there is no room for it to wait
     */
    boolean isQuick(String name, Request request) {
        return admission.isQuick(models.pick(name, request), request);
    }

    Reply answer(String name, Request request) throws IOException, InterruptedException {
        return admission.answer(request, same -> score(name, same));
    }

    private Reply score(String name, Request request) throws IOException {
        ServedModel model = models.pick(name, request);
        return model.score(request, (rows, predictions) -> watching.answered(name, model, rows, predictions));
    }
}
