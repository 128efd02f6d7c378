package org.example;

import dev.arclight.examples.wine.WineLifecycle;
import dev.arclight.track.ModelVersion;
import dev.arclight.track.Tracking;

/** Runs the wine lifecycle as a library, then asks the registry which model it ended with. */
public final class Wine {
    private Wine() {}

    public static void main(String[] arguments) throws Exception {
        WineLifecycle.main(arguments);
        try (Tracking tracking = Tracking.open("arclight-out/tracking")) {
            ModelVersion champion = tracking.registry().findByAlias("wine-quality", "champion").orElseThrow();
            System.out.println("champion: version " + champion.version());
        }
    }
}
