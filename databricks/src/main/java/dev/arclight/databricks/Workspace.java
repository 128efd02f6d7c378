package dev.arclight.databricks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.databricks.DatabricksProfile;
import dev.arclight.base.rest.RestClient;
import dev.arclight.base.rest.RestErrors;
import dev.arclight.base.rest.RestRefusal;
import java.nio.file.Path;
import java.util.Map;

/** How a workspace is reached. */
public final class Workspace {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Workspace() {}

    /**
     * A client of the workspace of a profile.
     *
     * @param profile of {@code ~/.databrickscfg}; empty: as {@link DatabricksProfile} finds one
     * @param environment of this process
     * @throws ArclightException saying what is missing to sign in
     */
    public static RestClient open(String profile, Map<String, String> environment) {
        DatabricksProfile found = DatabricksProfile.of(
                profile.isBlank() ? "databricks" : "databricks://" + profile,
                environment,
                Path.of(System.getProperty("user.home")));
        boolean here = "127.0.0.1".equals(found.host().getHost());
        if (!"https".equals(found.host().getScheme()) && !here) {
            throw ArclightException.badInput(
                    "The workspace's address is '%s', expected https://HOST: the token would travel unencrypted"
                            .formatted(found.host()));
        }
        return new RestClient("The workspace", found.host(), found.credentials(), Workspace::explain);
    }

    /** Databricks' {@code {"error_code", "message"}}, as its REST reference lists them. */
    static ArclightException explain(RestRefusal refusal) {
        JsonNode body;
        try {
            body = JSON.readTree(refusal.body());
        } catch (JsonProcessingException e) {
            body = JSON.missingNode(); // a page to sign in says nothing to a program
        }
        if (body == null) {
            body = JSON.missingNode();
        }
        String message = body.path("message").asText("No reason was given").strip();
        ErrorCode code = switch (body.path("error_code").asText("")) {
            case "RESOURCE_DOES_NOT_EXIST", "NOT_FOUND", "FEATURE_DISABLED" -> ErrorCode.NOT_FOUND;
            case "RESOURCE_ALREADY_EXISTS", "ALREADY_EXISTS" -> ErrorCode.ALREADY_EXISTS;
            case "INVALID_STATE" -> ErrorCode.BAD_STATE;
            case "PERMISSION_DENIED", "UNAUTHENTICATED" -> ErrorCode.FORBIDDEN;
            case "INVALID_PARAMETER_VALUE", "BAD_REQUEST", "MALFORMED_REQUEST" -> ErrorCode.BAD_INPUT;
            case "REQUEST_LIMIT_EXCEEDED", "TEMPORARILY_UNAVAILABLE" -> ErrorCode.UNAVAILABLE;
            default -> RestErrors.code(refusal.status());
        };
        if (refusal.status() == 401) {
            message += "; the token is wrong or has expired: renew it in ~/.databrickscfg or DATABRICKS_TOKEN";
        }
        return refusal.because(code, message);
    }
}
