package dev.arclight.track;

/** Which of active and deleted things a search sees. */
public enum View {
    ACTIVE_ONLY,
    DELETED_ONLY,
    ALL
}
