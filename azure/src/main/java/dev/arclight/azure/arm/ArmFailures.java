package dev.arclight.azure.arm;

import dev.arclight.azure.uri.Workspace;
import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What Azure refuses, as one sentence each: which resource, which role, what there is instead. */
final class ArmFailures {
    private ArmFailures() {}

    /** Whether the thing itself is missing, rather than its workspace. */
    static boolean isMissing(IOException e) {
        return e instanceof ArmRefusal refusal
                && refusal.status() == 404
                && !refusal.code().matches("ResourceGroupNotFound|SubscriptionNotFound|ParentResourceNotFound")
                && !(refusal.code().equals("ResourceNotFound")
                        && String.valueOf(refusal.getMessage()).matches("(?s).*/workspaces/[^/']+'.*"));
    }

    static ArclightException missing(
            String kind, String name, Workspace workspace, List<String> known, @Nullable Throwable cause) {
        List<String> near = NearestNames.of(name, known);
        return new ArclightException(
                ErrorCode.NOT_FOUND,
                "There is no %s '%s' in workspace '%s'%s"
                        .formatted(
                                kind,
                                name,
                                workspace.name(),
                                near.isEmpty() ? ": it has none" : "; nearest: " + String.join(", ", near)),
                cause);
    }

    static ArclightException sentence(String what, Workspace workspace, String role, IOException e) {
        String where = "workspace '%s' (resource group '%s', subscription %s)"
                .formatted(workspace.name(), workspace.resourceGroup(), workspace.subscription());
        if (!(e instanceof ArmRefusal refusal)) {
            return new ArclightException(
                    ErrorCode.UNAVAILABLE, "Cannot ask for %s of %s: %s".formatted(what, where, e.getMessage()), e);
        }
        if ((refusal.code() + refusal.getMessage()).toLowerCase(Locale.ROOT).contains("quota")) {
            return new ArclightException(
                    ErrorCode.UNAVAILABLE,
                    "Azure has no quota left for %s of %s: free some, or ask for more on the page 'Quota' of the workspace; Azure says: %s"
                            .formatted(what, where, refusal.getMessage()),
                    e);
        }
        return switch (refusal.status()) {
            case 401 ->
                new ArclightException(
                        ErrorCode.FORBIDDEN,
                        "Azure does not accept our token for %s of %s (%s): sign in again, see docs/clouds.md"
                                .formatted(what, where, refusal.getMessage()),
                        e);
            case 403 ->
                new ArclightException(
                        ErrorCode.FORBIDDEN,
                        "No permission for %s: it takes the role '%s' (or one that includes it) on %s; Azure says: %s"
                                .formatted(what, role, where, refusal.getMessage()),
                        e);
            case 404 ->
                new ArclightException(
                        ErrorCode.NOT_FOUND,
                        "Cannot find %s, because there is no %s; Azure says: %s"
                                .formatted(what, where, refusal.getMessage()),
                        e);
            case 429 ->
                new ArclightException(
                        ErrorCode.UNAVAILABLE,
                        "Azure refuses more requests for now (%d attempts) for %s of %s: %s"
                                .formatted(ArmClient.ATTEMPTS, what, where, refusal.getMessage()),
                        e);
            default ->
                new ArclightException(
                        refusal.status() >= 500 ? ErrorCode.UNAVAILABLE : ErrorCode.BAD_STATE,
                        "Azure answered with status %d for %s of %s: %s"
                                .formatted(refusal.status(), what, where, refusal.getMessage()),
                        e);
        };
    }
}
