package dev.arclight.torch;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.arclight.base.ErrorCode;

/** One line of JSON that a worker process prints. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = WorkerEvent.Trained.class, name = "trained"),
    @JsonSubTypes.Type(value = WorkerEvent.Kept.class, name = "kept"),
    @JsonSubTypes.Type(value = WorkerEvent.Finished.class, name = "finished"),
    @JsonSubTypes.Type(value = WorkerEvent.Failed.class, name = "failed")
})
public sealed interface WorkerEvent {
    /** An epoch is over. */
    record Trained(Epoch epoch) implements WorkerEvent {}

    /** The checkpoint in the worker's folder is that of this epoch. Only rank 0 keeps any. */
    record Kept(int epoch) implements WorkerEvent {}

    /** The files are written; with validation data they are those of {@code bestEpoch}. */
    record Finished(int bestEpoch) implements WorkerEvent {}

    /** It gave up; {@code lost} if another worker was lost, so that all should start again. */
    record Failed(ErrorCode code, String message, boolean lost) implements WorkerEvent {}
}
