package dev.arclight.ray.actor;

import java.security.Permission;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * Tells when an application calls {@code System.exit} or {@code Runtime.halt}, and keeps the process alive: its state
 * and log would be lost with it. The caller never gets control back, as it expects.
 *
 * <p>A security manager is the only way to see such a call. It is deprecated without a replacement (JEP 411), and there
 * in Java 17 and 21, which is what Arclight runs on. This one forbids nothing. The process must have been started with
 * {@code -Djava.security.manager=allow}.
 */
@SuppressWarnings("removal")
final class ExitWatch extends SecurityManager {
    private final IntConsumer told;
    private volatile boolean open;

    /** @param told gets the exit code, on the thread that wants to exit */
    ExitWatch(IntConsumer told) {
        this.told = told;
    }

    void install() {
        System.setSecurityManager(this);
    }

    /** Ends the process. */
    void exit() {
        open = true;
        System.exit(0);
    }

    @Override
    public void checkExit(int status) {
        if (!open) {
            told.accept(status);
            while (!open) {
                LockSupport.park(this);
                Thread.interrupted(); // its caller never gets control back, and an interrupted thread does not park
            }
        }
    }

    @Override
    public void checkPermission(Permission permission) {}

    @Override
    public void checkPermission(Permission permission, Object context) {}

    @Override
    public void checkPackageAccess(String name) {}
}
