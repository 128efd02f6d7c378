package dev.arclight.azure.arm;

import java.io.IOException;

/** Azure Resource Manager answered a request with an error; its own words are the message. */
final class ArmRefusal extends IOException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;

    ArmRefusal(int status, String code, String message) {
        super(message);
        this.status = status;
        this.code = code;
    }

    /** Of HTTP. */
    int status() {
        return status;
    }

    /** Azure's own, such as {@code AuthorizationFailed}; empty if it gave none. */
    String code() {
        return code;
    }
}
