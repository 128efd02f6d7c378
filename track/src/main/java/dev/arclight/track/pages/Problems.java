package dev.arclight.track.pages;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.web.Handler;
import dev.arclight.web.HttpError;
import dev.arclight.web.Reply;
import dev.arclight.web.Request;

/** Tells a person what went wrong on a page, where a program would get JSON. */
final class Problems {
    private final Layout layout;

    Problems(Layout layout) {
        this.layout = layout;
    }

    Reply shown(Handler page, Request request) throws Exception {
        try {
            return page.handle(request);
        } catch (ArclightException e) {
            int status = status(e.code());
            if (status == 500) {
                throw e; // logged with an id, which the answer names
            }
            return problem(request, status, String.valueOf(e.getMessage()));
        } catch (HttpError e) {
            return problem(request, e.status(), String.valueOf(e.getMessage()));
        }
    }

    private Reply problem(Request request, int status, String message) {
        String title = status == 404 ? "Not found" : status == 409 ? "Changed meanwhile" : "That did not work";
        return layout.reply(
                        request,
                        Layout.Frame.of(title, "/", "Experiments"),
                        html -> html.element("p", message, "class", "problem", "role", "alert"))
                .withStatus(status);
    }

    private static int status(ErrorCode code) {
        return switch (code) {
            case NOT_FOUND -> 404;
            case BAD_INPUT, BAD_STATE, ALREADY_EXISTS -> 400;
            case CONFLICT -> 409;
            case FORBIDDEN -> 403;
            case UNAVAILABLE, CANCELLED -> 503;
            case TIMEOUT -> 504;
            case OUTCOME_UNKNOWN, INTERNAL -> 500;
        };
    }
}
