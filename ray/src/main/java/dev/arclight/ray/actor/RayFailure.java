package dev.arclight.ray.actor;

/** Ray's exceptions carry pages; this keeps what a person needs. */
final class RayFailure {
    private static final int LONGEST = 400;

    private RayFailure() {}

    /** One sentence from the innermost cause. */
    static String sentence(Throwable failure) {
        Throwable innermost = failure;
        while (innermost.getCause() != null && innermost.getCause() != innermost) {
            innermost = innermost.getCause();
        }
        String text = String.valueOf(innermost.getMessage()).strip().replaceAll("\\s+", " ");
        if (text.isEmpty() || text.equals("null")) {
            text = innermost.getClass().getSimpleName();
        }
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
    }
}
