package dev.arclight.serve;

import dev.arclight.web.Reply;
import dev.arclight.web.Request;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** The way of a request to {@code /invocations}: which version, admission, answer, shadows. */
final class Invocations {
    private final Models models;
    private final Admission admission;
    private final Map<String, List<Shadow>> shadows;

    /** @param shadows by the name of the model that answers */
    Invocations(Models models, Admission admission, Map<String, List<Shadow>> shadows) {
        this.models = models;
        this.admission = admission;
        this.shadows = Map.copyOf(shadows);
    }

    /** Whether the thread that read the request may answer it. */
    boolean isQuick(String name, Request request) {
        return models.pick(name, request).isQuick(request);
    }

    Reply answer(String name, Request request) throws IOException, InterruptedException {
        return admission.answer(request, same -> score(name, same));
    }

    private Reply score(String name, Request request) throws IOException {
        List<Shadow> watching = shadows.getOrDefault(name, List.of());
        return models.pick(name, request)
                .score(request, (rows, predictions) -> watching.forEach(shadow -> shadow.offer(rows, predictions)));
    }
}
