package dev.arclight.cli.doctor;

import com.sun.management.OperatingSystemMXBean;
import dev.arclight.base.command.Check;
import dev.arclight.base.command.CommandContext;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/** Whether cores, memory and temporary disk suffice, and whether the system is one that Arclight was tested on. */
public final class MachineCheck implements Check {
    private static final double GIB = 1 << 30;
    private static final double WANTED_MEMORY = 2 * GIB;
    private static final double WANTED_DISK = 2 * GIB;

    @Override
    public String name() {
        return "Machine";
    }

    @Override
    public int order() {
        return 2;
    }

    @Override
    public Finding look(CommandContext context) {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        long memory = system.getTotalMemorySize();
        long disk = new java.io.File(System.getProperty("java.io.tmpdir")).getUsableSpace();
        String detail = String.format(
                Locale.ROOT,
                "%s %s, %d cores, %.1f GiB memory (%.1f GiB for this program), %.1f GiB free in %s",
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors(),
                memory / GIB,
                Runtime.getRuntime().maxMemory() / GIB,
                disk / GIB,
                System.getProperty("java.io.tmpdir"));
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        if (!os.contains("linux") && !os.contains("mac")) {
            return new Finding(
                    Status.MISSING, detail, "Arclight runs on Linux and macOS; on Windows use it inside WSL 2");
        }
        if (memory < WANTED_MEMORY) {
            return new Finding(Status.MISSING, detail, "Arclight needs 2 GiB of memory");
        }
        if (disk < WANTED_DISK) {
            return new Finding(
                    Status.MISSING,
                    detail,
                    "Spark needs 2 GiB there: free some, or set JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=DIR");
        }
        return Finding.found(detail);
    }
}
