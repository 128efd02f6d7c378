package dev.arclight.testing;

/**
 * The window that a page is shown in.
 *
 * @param width CSS pixels
 * @param height CSS pixels
 * @param scale device pixels a CSS pixel
 * @param mobile whether it is a touch device that heeds the viewport meta element
 * @param dark whether the reader prefers dark colours
 */
public record Viewport(int width, int height, double scale, boolean mobile, boolean dark) {
    public Viewport {
        if (width < 1 || height < 1 || !(scale > 0)) {
            throw new IllegalArgumentException("No window is %d x %d at %s".formatted(width, height, scale));
        }
    }

    /** 1440 x 900, light. */
    public static Viewport desktop() {
        return new Viewport(1440, 900, 1, false, false);
    }

    /** 390 x 844 at three device pixels a pixel, light. */
    public static Viewport phone() {
        return new Viewport(390, 844, 3, true, false);
    }

    /** The same for a reader who prefers dark colours. */
    public Viewport inDark() {
        return new Viewport(width, height, scale, mobile, true);
    }

    /** The same with other device pixels: 1 keeps screenshots of long pages small. */
    public Viewport atScale(double devicePixels) {
        return new Viewport(width, height, devicePixels, mobile, dark);
    }
}
