package dev.arclight.google.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.rest.RestErrors;
import dev.arclight.base.rest.RestRefusal;

/**
 * Says in Arclight's terms what Google refused: {@code {"error": {"code", "message", "status"}}}, as Google's API
 * design guide has it (Errors, "HTTP mapping"; AIP-193).
 *
 * @param role what an identity that is refused lacks, such as {@code Dataproc Editor (roles/dataproc.editor)}
 */
public record GoogleErrors(String role) implements RestErrors {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    public ArclightException explain(RestRefusal refusal) {
        JsonNode error;
        try {
            JsonNode body = JSON.readTree(refusal.body());
            error = body == null ? JSON.missingNode() : body.path("error");
        } catch (JsonProcessingException e) {
            error = JSON.missingNode(); // a proxy's page says nothing to a program
        }
        String message = error.path("message").asText("No reason was given").strip();
        ErrorCode code = code(error.path("status").asText(""), refusal.status());
        if (refusal.status() == 401) {
            message =
                    "Google takes the credentials for invalid: sign in anew by 'gcloud auth application-default login'"
                            + " or renew the key file; it said: "
                            + message;
        } else if (code == ErrorCode.FORBIDDEN) {
            message += "; it takes the role %s on the project".formatted(role);
        }
        return refusal.because(code, message);
    }

    private static ErrorCode code(String status, int httpStatus) {
        return switch (status) {
            case "NOT_FOUND" -> ErrorCode.NOT_FOUND;
            case "ALREADY_EXISTS" -> ErrorCode.ALREADY_EXISTS;
            case "ABORTED" -> ErrorCode.CONFLICT;
            case "FAILED_PRECONDITION" -> ErrorCode.BAD_STATE;
            case "PERMISSION_DENIED", "UNAUTHENTICATED" -> ErrorCode.FORBIDDEN;
            case "INVALID_ARGUMENT", "OUT_OF_RANGE" -> ErrorCode.BAD_INPUT;
            case "RESOURCE_EXHAUSTED", "UNAVAILABLE" -> ErrorCode.UNAVAILABLE;
            default -> RestErrors.code(httpStatus);
        };
    }
}
