package dev.arclight.cli.doctor;

import dev.arclight.base.command.Check;
import dev.arclight.base.command.CommandContext;

/** Whether this Java is one that Arclight runs on. */
public final class JavaCheck implements Check {
    @Override
    public String name() {
        return "Java";
    }

    @Override
    public int order() {
        return 1;
    }

    @Override
    public Finding look(CommandContext context) {
        int feature = Runtime.version().feature();
        String detail = "%s, %s, %s"
                .formatted(
                        System.getProperty("java.version"),
                        System.getProperty("java.vendor"),
                        System.getProperty("java.home"));
        if (feature != 17 && feature != 21) {
            return new Finding(Status.MISSING, detail, "Arclight runs on 17 and 21: set JAVA_HOME to one of them");
        }
        return Finding.found(detail);
    }
}
