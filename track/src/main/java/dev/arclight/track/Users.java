package dev.arclight.track;

/** Who runs this program. */
final class Users {
    private Users() {}

    static String current() {
        String name = System.getProperty("user.name", "");
        return name.isBlank() || name.equals("?") ? "unknown" : name;
    }
}
