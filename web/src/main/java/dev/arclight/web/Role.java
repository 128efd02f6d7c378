package dev.arclight.web;

/** What a caller may do; each role includes the ones before it. */
public enum Role {
    /** No token needed: health and the page's own files. */
    ANYONE,
    /** Looking. */
    READ,
    /** Changing. */
    WRITE,
    /** Deleting for good and moving what others rely on. */
    ADMIN;

    /** Whether this allows what needs {@code needed}. */
    public boolean covers(Role needed) {
        return compareTo(needed) >= 0;
    }
}
