package dev.arclight.cli.doctor;

import dev.arclight.base.command.Check;
import dev.arclight.base.command.CommandContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether a Python is here. Only Ray, and tools that read what Arclight writes, need one. */
public final class PythonCheck implements Check {
    private static final Pattern VERSION = Pattern.compile("Python (\\d+)\\.(\\d+)\\S*");

    @Override
    public String name() {
        return "Python";
    }

    @Override
    public Finding look(CommandContext context) {
        String remedy = "Only Ray and Python interop need it: install Python 3.10 or newer";
        try {
            Process process = new ProcessBuilder("python3", "--version")
                    .redirectErrorStream(true)
                    .start();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return new Finding(Status.OPTIONAL, "python3 did not answer within 10 s", remedy);
            }
            String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            Matcher version = VERSION.matcher(answer);
            if (!version.matches()) {
                return new Finding(Status.OPTIONAL, "python3 answered: " + answer, remedy);
            }
            boolean fit = version.group(1).equals("3") && Integer.parseInt(version.group(2)) >= 10;
            return fit ? Finding.found(answer) : new Finding(Status.OPTIONAL, answer + " is too old", remedy);
        } catch (IOException e) {
            return new Finding(Status.OPTIONAL, "no python3 on PATH", remedy);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Finding(Status.OPTIONAL, "interrupted", remedy);
        }
    }
}
