package dev.arclight.track.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;

/** Says in Arclight's terms what a tracking server answered. */
final class RestErrors {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SHOWN = 500;

    private RestErrors() {}

    /**
     * The error that an answer means.
     *
     * @param call such as {@code POST http://host/api/2.0/mlflow/runs/create}
     */
    static ArclightException of(String call, int status, String body) {
        String code = "";
        String message = body;
        try {
            JsonNode json = JSON.readTree(body);
            if (json != null && json.isObject()) {
                code = json.path("error_code").asText("");
                message = json.path("message").asText(body);
            }
        } catch (JsonProcessingException e) {
            message = body.startsWith("<") ? "" : body; // a page of a proxy says nothing to a program
        }
        String shown = message.length() > SHOWN ? message.substring(0, SHOWN) + "…" : message;
        return new ArclightException(
                code(status, code, message), "%s (status %d from %s)".formatted(shown.strip(), status, call));
    }

    private static ErrorCode code(int status, String code, String message) {
        return switch (code) {
            case "RESOURCE_DOES_NOT_EXIST", "NOT_FOUND", "ENDPOINT_NOT_FOUND" -> ErrorCode.NOT_FOUND;
            case "RESOURCE_ALREADY_EXISTS", "ALREADY_EXISTS" -> ErrorCode.ALREADY_EXISTS;
            case "RESOURCE_CONFLICT" -> ErrorCode.CONFLICT;
            case "INVALID_STATE" -> ErrorCode.BAD_STATE;
            case "PERMISSION_DENIED", "UNAUTHENTICATED" -> ErrorCode.FORBIDDEN;
            // MLflow calls it a wrong value that a run or experiment is deleted; its text tells the two apart.
            case "INVALID_PARAMETER_VALUE", "BAD_REQUEST" ->
                message.contains("must be in the 'active' state") || message.contains("must be in the 'deleted' state")
                        ? ErrorCode.BAD_STATE
                        : ErrorCode.BAD_INPUT;
            default -> code(status);
        };
    }

    private static ErrorCode code(int status) {
        return switch (status) {
            case 401, 403 -> ErrorCode.FORBIDDEN;
            case 404, 405 -> ErrorCode.NOT_FOUND;
            case 409 -> ErrorCode.CONFLICT;
            case 408, 504 -> ErrorCode.TIMEOUT;
            case 413, 400, 415, 422 -> ErrorCode.BAD_INPUT;
            default -> status >= 500 || status == 429 ? ErrorCode.UNAVAILABLE : ErrorCode.INTERNAL;
        };
    }
}
