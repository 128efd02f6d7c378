package dev.arclight.ray.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LinkTest {
    @Property(tries = 50)
    void instructionsAndReportsSurviveTheWay(
            @ForAll String key, @ForAll String value, @ForAll int cores, @ForAll List<String> devices) {
        ExecutorInstructions instructions = new ExecutorInstructions(
                "spark://x@h:1", "7", "app", cores, 3, Map.of(key, value), Map.of("gpu", devices));
        assertThat(ExecutorInstructions.decode(instructions.encode())).isEqualTo(instructions);
        assertThat(instructions.toString()).isEqualTo("executor 7 of app (%d cores)".formatted(cores));
        WorkerReport report = new WorkerReport(key, 42, "17.0.15", value, List.of("0", "3"));
        assertThat(WorkerReport.parse(report.format())).isEqualTo(report);
        assertThat(report.javaFeature()).isEqualTo(17);
    }

    @Property(tries = 50)
    void aDriversInstructionsSurviveTheWayAndTellNoSettings(
            @ForAll String name, @ForAll List<String> arguments, @ForAll String value, @ForAll byte[] jar) {
        DriverInstructions instructions = new DriverInstructions(
                "job", name, "ray:h:1", "Main", arguments, Map.of("spark.secret", value), Map.of("a.jar", jar));
        DriverInstructions decoded = DriverInstructions.decode(instructions.encode());
        assertThat(decoded.name()).isEqualTo(name);
        assertThat(decoded.arguments()).isEqualTo(arguments);
        assertThat(decoded.settings()).isEqualTo(instructions.settings());
        assertThat(decoded.jars().get("a.jar")).isEqualTo(jar);
        assertThat(decoded.toString()).isEqualTo("driver of job (Main)");
    }

    @Test
    void theTokenIsTurnedOnWhereThereIsOneAndNeverOff(@TempDir Path home) throws Exception {
        assertThat(RayToken.decide(Map.of(), home)).isEqualTo(RayToken.Mode.AS_SET);
        assertThat(RayToken.decide(Map.of("RAY_AUTH_TOKEN", "x"), home)).isEqualTo(RayToken.Mode.TURN_ON);
        assertThat(RayToken.decide(Map.of("RAY_AUTH_MODE", "disabled", "RAY_AUTH_TOKEN", "x"), home))
                .isEqualTo(RayToken.Mode.AS_SET);
        assertThatThrownBy(() -> RayToken.decide(Map.of("RAY_AUTH_MODE", "token"), home))
                .isInstanceOfSatisfying(
                        ArclightException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FORBIDDEN));
        Files.createDirectories(home.resolve(".ray"));
        Files.writeString(home.resolve(".ray/auth_token"), "x");
        assertThat(RayToken.decide(Map.of(), home)).isEqualTo(RayToken.Mode.TURN_ON);
    }

    @Test
    void rayIsFoundByTheProgramOnThePath(@TempDir Path folder) throws Exception {
        Path venv = folder.resolve("venv");
        Path jar = venv.resolve("lib/python3.12/site-packages/ray/jars/ray_dist.jar");
        Files.createDirectories(jar.getParent());
        Files.createFile(jar);
        Files.writeString(jar.resolve("../../_version.py").normalize(), "commit = \"c\"\nversion = \"2.60.0\"\n");
        Path program = Files.createDirectories(venv.resolve("bin")).resolve("ray");
        Files.createFile(program);
        assertThat(program.toFile().setExecutable(true)).isTrue();
        Map<String, String> environment = Map.of("PATH", "/nonexistent:" + venv.resolve("bin"));
        RayInstallation found =
                RayInstallation.find(environment, folder.resolve("addons")).orElseThrow();
        assertThat(found.jar()).isEqualTo(jar);
        assertThat(found.version()).isEqualTo("2.60.0");
        assertThat(found.program()).isEqualTo(program);
        assertThat(RayInstallation.find(Map.of("PATH", "/nonexistent"), folder.resolve("addons")))
                .isEmpty();
    }

    @Test
    void theClientsAddressIsRefusedAndAWrongOneNamed() {
        assertThatThrownBy(() -> RayAddress.find(Map.of("RAY_ADDRESS", "ray://head:10001")))
                .hasMessageContaining("RAY_ADDRESS is 'ray://head:10001'")
                .hasMessageContaining("cannot run executors");
        assertThat(RayAddress.find(Map.of("RAY_ADDRESS", "head:6379"))).isEqualTo(new RayTarget("head", 6379));
    }
}
