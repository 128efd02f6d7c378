package dev.arclight.ray.actor;

import java.lang.reflect.InvocationTargetException;

/**
 * Environment variables as native code sees them. Ray's native library reads its settings from there, and Java cannot
 * set them; JNA, which Ray's Java brings and uses itself, can.
 */
final class NativeEnvironment {
    private NativeEnvironment() {}

    /** Sets a variable of this process. */
    static void set(String name, String value) {
        try {
            Class<?> function = Class.forName("com.sun.jna.Function", true, NativeEnvironment.class.getClassLoader());
            Object setenv = function.getMethod("getFunction", String.class, String.class)
                    .invoke(null, "c", "setenv");
            Object result = function.getMethod("invokeInt", Object[].class)
                    .invoke(setenv, (Object) new Object[] {name, value, 1});
            if (!Integer.valueOf(0).equals(result)) {
                throw new IllegalStateException("setenv(%s) returned %s".formatted(name, result));
            }
        } catch (ClassNotFoundException
                | NoSuchMethodException
                | IllegalAccessException
                | InvocationTargetException e) {
            throw new IllegalStateException(
                    "Cannot set %s for Ray's native library: set %s=%s in the environment before the start"
                            .formatted(name, name, value),
                    e);
        }
    }
}
