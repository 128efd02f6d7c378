package dev.arclight.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TokensTest {
    private static final FileTime ONE_TIME = FileTime.fromMillis(1_700_000_000_000L);

    @TempDir
    private Path folder;

    /**
     * Would catch a server that takes a file for read that it could not read: what is right now has the time, the size
     * and the identity of what was wrong, as after a read that failed for want of file handles.
     */
    @Test
    void aFileThatCouldNotBeReadIsReadAgainThoughItDidNotChange() throws IOException {
        Path path = folder.resolve("tokens");
        TokenFile file = new TokenFile(path);
        String ada = "Bearer " + file.add("ada", Role.ADMIN);
        Tokens tokens = Tokens.of(List.of(), file, -1); // at each call
        String bob = "Bearer " + file.add("bob", Role.READ);
        String right = Files.readString(path);
        overwrite(path, right.replace("read bob", "raed bob"));
        assertThat(tokens.find(bob)).isEmpty();
        assertThat(tokens.find(ada)).as("those of before stay valid").isPresent();
        overwrite(path, right);
        assertThat(tokens.find(bob)).isPresent();
    }

    private static void overwrite(Path path, String content) throws IOException {
        Files.writeString(path, content);
        Files.setLastModifiedTime(path, ONE_TIME);
    }
}
