package dev.arclight.track.pages;

import dev.arclight.track.Tracking;
import dev.arclight.track.server.TrackingServer;
import dev.arclight.web.WebServer;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;

/** A program to poke at: the pages over a sample store in the folder of the first argument. */
final class TrackingPagesMain {
    private TrackingPagesMain() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        try (Tracking tracking = Tracking.open(arguments[0]);
                WebServer server =
                        TrackingServer.addTo(WebServer.builder(), tracking).start()) {
            SampleStore sample = new SampleStore(tracking);
            System.out.println(server.uri() + Links.experiment(sample.wine.id()));
            new CountDownLatch(1).await();
        }
    }
}
