package dev.arclight.google.dataproc;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An application that notes what it was given. */
public final class NotedApplication {
    static final List<String> SEEN = new CopyOnWriteArrayList<>();

    private NotedApplication() {}

    public static void main(String[] arguments) {
        SEEN.add(System.getProperty("spark.my.password", ""));
        SEEN.addAll(List.of(arguments));
    }
}
