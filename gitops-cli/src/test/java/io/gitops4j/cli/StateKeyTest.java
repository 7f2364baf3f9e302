package io.gitops4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gitops4j.problem.GitOpsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateKeyTest {
    @TempDir
    Path folder;

    @Test
    void key_isMadeOnce_forItsOwnerAlone_andOpensWhatItSealed() throws IOException {
        Path file = folder.resolve("config/gitops4j/state.key");
        String sealed = StateKey.of(file).seal("CANARY");
        assertThat(sealed).doesNotContain("CANARY");
        String key = Files.readString(file);
        assertThat(StateKey.of(file).open(folder, StateKey.of(file).seal("again")))
                .isEqualTo("again");
        assertThat(StateKey.of(file).open(folder, sealed)).isEqualTo("CANARY");
        assertThat(Files.readString(file)).isEqualTo(key).contains("AGE-SECRET-KEY-");
        if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void anotherKey_opensNothing_andSaysWhatToDo() {
        String sealed = StateKey.of(folder.resolve("a.key")).seal("CANARY");
        StateKey other = StateKey.of(folder.resolve("b.key"));
        other.seal("x");
        assertThatThrownBy(() -> other.open(folder.resolve("in-cluster.yaml.age"), sealed))
                .isInstanceOf(GitOpsException.class)
                .hasMessageContaining("in-cluster.yaml.age")
                .hasMessageContaining("--state-key")
                .hasMessageNotContaining("AGE-SECRET");
        assertThatThrownBy(() -> StateKey.of(folder.resolve("none.key")).open(folder, sealed))
                .isInstanceOf(GitOpsException.class)
                .hasMessageContaining("none.key");
    }
}
