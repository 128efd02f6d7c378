package dev.arclight.track.rest;

import org.junit.jupiter.api.Tag;

@Tag("full")
final class MlflowIT extends MlflowContract {
    MlflowIT() {
        super("mlflow-3.17", true);
    }
}
