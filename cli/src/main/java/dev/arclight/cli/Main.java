package dev.arclight.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** Where {@code arclight} starts. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        System.exit(new CommandLineProgram(out, err, System.getenv()).run(arguments));
    }
}
