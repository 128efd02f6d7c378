package dev.arclight.engine;

import java.util.List;
import java.util.stream.Stream;

/**
 * The JVM flags that Spark and Arrow need on JDK 17 and 21. One list, for the launcher, executors and helper JVMs. A
 * manifest's {@code Add-Opens} works only with {@code java -jar}, so everything else gets them on the command line.
 */
public final class JvmOptions {
    private static final List<String> OPENED = List.of(
            "java.base/java.lang",
            "java.base/java.lang.invoke",
            "java.base/java.lang.reflect",
            "java.base/java.io",
            "java.base/java.net",
            "java.base/java.nio",
            "java.base/java.util",
            "java.base/java.util.concurrent",
            "java.base/java.util.concurrent.atomic",
            "java.base/jdk.internal.ref",
            "java.base/sun.nio.ch",
            "java.base/sun.nio.cs",
            "java.base/sun.security.action",
            "java.base/sun.util.calendar",
            "java.security.jgss/sun.security.krb5");

    private JvmOptions() {}

    /** The flags, one argument each. */
    public static List<String> all() {
        return Stream.concat(
                        Stream.of("-XX:+IgnoreUnrecognizedVMOptions"),
                        Stream.concat(
                                OPENED.stream().map(name -> "--add-opens=" + name + "=ALL-UNNAMED"),
                                Stream.of(
                                        "-Djdk.reflect.useDirectMethodHandle=false",
                                        "-Dio.netty.tryReflectionSetAccessible=true")))
                .toList();
    }

    /** Whether this JVM was started with the flags; looked at where Spark would fail first without them. */
    static boolean present() {
        Module base = Object.class.getModule();
        Module ours = JvmOptions.class.getModule();
        return base.isOpen("sun.nio.ch", ours) && base.isOpen("java.nio", ours) && base.isOpen("java.lang", ours);
    }
}
