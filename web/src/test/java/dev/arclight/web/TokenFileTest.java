package dev.arclight.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TokenFileTest {
    @TempDir
    private Path folder;

    @Test
    void aTokenThatWasMadeIsKnownAndOneThatWasRevokedIsNot() throws Exception {
        TokenFile file = new TokenFile(folder.resolve("tokens"));
        assertThat(file.tokens()).isEmpty();
        String ada = file.add("ada", Role.ADMIN);
        String bob = file.add("bob", Role.READ);
        List<Token> tokens = new TokenFile(folder.resolve("tokens")).tokens();
        assertThat(Token.find(tokens, "Bearer " + ada).orElseThrow().role()).isEqualTo(Role.ADMIN);
        assertThat(Token.find(tokens, "Bearer " + bob).orElseThrow().owner()).isEqualTo("bob");
        file.revoke("ada");
        assertThat(Token.find(file.tokens(), "Bearer " + ada)).isEmpty();
        assertThat(Token.find(file.tokens(), "Bearer " + bob)).isPresent();
    }

    @Test
    void theFileIsItsOwnersAndHoldsNoToken() throws Exception {
        Path path = folder.resolve("tokens");
        String secret = new TokenFile(path).add("ada", Role.WRITE);
        assertThat(Files.readString(path)).contains("write ada ").doesNotContain(secret);
        assertThat(Files.getPosixFilePermissions(path)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void whatIsWrongIsNamed() throws Exception {
        Path path = folder.resolve("tokens");
        TokenFile file = new TokenFile(path);
        file.add("ada", Role.WRITE);
        assertThatThrownBy(() -> file.add("ada", Role.READ)).hasMessageContaining("'ada' has a token already");
        assertThatThrownBy(() -> file.add("a b", Role.READ)).hasMessageContaining("'a b'");
        assertThatThrownBy(() -> file.revoke("bob")).hasMessageContaining("'bob'");
        Files.writeString(path, "# head\nadmin ada 12ab now\n");
        assertThatThrownBy(file::tokens).hasMessageContaining("Line 2 of").hasMessageContaining("tokens");
    }
}
