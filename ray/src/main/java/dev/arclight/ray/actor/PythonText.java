package dev.arclight.ray.actor;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Python source for workers that have none of our files: Ray calls {@code builtins.exec} and {@code builtins.eval}. */
final class PythonText {
    private PythonText() {}

    /** A statement that runs {@code source} as a program of its own. */
    static String program(String source) {
        return "exec(%s, {'__name__': '__main__'})".formatted(compiled(source));
    }

    /** An expression whose value is what {@code source} leaves in the variable {@code answer}. */
    static String expression(String source) {
        return "(lambda g: (exec(%s, g), g['answer'])[1])({'__name__': '__main__'})".formatted(compiled(source));
    }

    /** The text in digits, so that nothing of it needs quoting. */
    static String digits(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String compiled(String source) {
        return "compile(bytes.fromhex('%s').decode(), '<arclight>', 'exec')".formatted(digits(source));
    }
}
