package dev.arclight.azure.arm;

import dev.arclight.base.ArclightException;

/** Who we are to Azure. Safe for use by many threads. */
public interface AccessTokens {
    /**
     * A token that is valid for some minutes more; may wait for Azure, at most a minute (a person at a device login has
     * longer).
     *
     * @param scope such as {@code https://storage.azure.com/.default}
     * @throws ArclightException FORBIDDEN if there is no identity, or it is refused; UNAVAILABLE if its service is
     */
    AccessToken token(String scope);

    /** Azure refused {@code token}: the next one must be another, if there is one. */
    default void refused(AccessToken token) {}
}
