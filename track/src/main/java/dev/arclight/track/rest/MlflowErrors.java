package dev.arclight.track.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.rest.RestErrors;
import dev.arclight.base.rest.RestRefusal;

/** Says in Arclight's terms what a tracking server answered. */
final class MlflowErrors {
    private static final ObjectMapper JSON = new ObjectMapper();

    private MlflowErrors() {}

    /** The error that an answer means. */
    static ArclightException of(RestRefusal refusal) {
        String body = refusal.body();
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
        return refusal.because(code(refusal.status(), code, message), message);
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
            default -> RestErrors.code(status);
        };
    }
}
