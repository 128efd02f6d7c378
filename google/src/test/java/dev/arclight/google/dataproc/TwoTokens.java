package dev.arclight.google.dataproc;

import dev.arclight.base.rest.Credentials;
import java.util.Optional;

/** The token t1, then, once that is refused, t2 for good. */
final class TwoTokens implements Credentials {
    private volatile String token = "t1";

    @Override
    public Optional<String> authorization() {
        return Optional.of("Bearer " + token);
    }

    @Override
    public boolean refused(String authorization) {
        token = "t2";
        return true;
    }
}
