package dev.arclight.track.server;

import dev.arclight.track.Tracking;
import dev.arclight.web.WebServer;
import java.util.concurrent.CountDownLatch;

/** A program to poke at: serves the store in the folder of the first argument on the port of the second. */
final class TrackingServerMain {
    private TrackingServerMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        WebServer.Builder builder = WebServer.builder().port(Integer.parseInt(arguments[1]));
        try (Tracking tracking = Tracking.open(arguments[0]);
                WebServer server = TrackingServer.addTo(builder, tracking).start()) {
            System.out.println(server.uri());
            new CountDownLatch(1).await();
        }
    }
}
