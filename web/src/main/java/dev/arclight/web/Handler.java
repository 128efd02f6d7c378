package dev.arclight.web;

/** Answers requests of one route. Called by many threads at once. */
@FunctionalInterface
public interface Handler {
    /**
     * Answers.
     *
     * @throws HttpError for any answer but success
     * @throws dev.arclight.base.ArclightException answered by its code: bad input 400, not found 404 and so on
     * @throws Exception anything else is a defect: logged with an id, answered 500 with that id and nothing more
     */
    Reply handle(Request request) throws Exception;
}
