package dev.arclight.track.rest;

import org.junit.jupiter.api.Tag;

@Tag("full")
final class Mlflow2IT extends MlflowContract {
    Mlflow2IT() {
        super("mlflow-2.22", false);
    }
}
