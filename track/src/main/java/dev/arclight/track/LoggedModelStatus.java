package dev.arclight.track;

/** Whether a logged model's files are there. */
public enum LoggedModelStatus {
    PENDING,
    READY,
    FAILED
}
