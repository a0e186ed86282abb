package freshet.replicator.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class DurableFilesIT {
  @TempDir Path folder;

  @Test
  void aWriteReplacesTheWholeFileAndLeavesNothingElse() throws IOException {
    Path file = folder.resolve("LATEST");
    DurableFiles.write(file, "a longer first content".getBytes());
    DurableFiles.write(file, "second".getBytes());

    assertThat(file).hasContent("second");
    assertThat(folder).isDirectoryNotContaining(path -> path.toString().endsWith(".tmp"));
  }

  @Test
  void aFailedWriteLeavesTheOldFileAndNoTemporaryOne() throws IOException {
    Path file = folder.resolve("taken");
    Files.createDirectories(file.resolve("inside"));

    assertThatThrownBy(() -> DurableFiles.write(file, new byte[] {1}))
        .isInstanceOf(IOException.class);
    assertThat(folder).isDirectoryNotContaining(path -> path.toString().endsWith(".tmp"));
    assertThat(file.resolve("inside")).exists();
  }

  @Test
  void whatAnEarlierProcessLeftHalfWrittenIsRemoved() throws IOException {
    Path half = DurableFiles.temporaryFor(folder.resolve("LATEST"));
    Files.createFile(half);
    Files.createFile(folder.resolve("kept"));

    assertThat(DurableFiles.removeTemporary(folder)).containsExactly(half.getFileName().toString());
    assertThat(folder).isDirectoryContaining(path -> path.endsWith("kept"));
  }

  @Test
  void aTreeIsRemovedWithoutFollowingLinks() throws IOException {
    Path outside = Files.createFile(folder.resolve("outside"));
    Path tree = folder.resolve("tree");
    DurableFiles.createFolders(tree.resolve("a/b"));
    Files.createSymbolicLink(tree.resolve("a/link"), folder);

    DurableFiles.deleteTree(tree);

    assertThat(tree).doesNotExist();
    assertThat(outside).exists();
  }

  @Test
  void theLockNamesItsHolderUntilItIsReleased() throws IOException {
    Path file = folder.resolve("lock");
    ProcessLock.Attempt.Taken first =
        (ProcessLock.Attempt.Taken) ProcessLock.tryTake(file, "indexer build, process 7");

    assertThat(ProcessLock.tryTake(file, "indexer run"))
        .isEqualTo(new ProcessLock.Attempt.Held("indexer build, process 7"));
    first.lock().close();

    ProcessLock.Attempt again = ProcessLock.tryTake(file, "indexer run");
    assertThat(again).isInstanceOf(ProcessLock.Attempt.Taken.class);
    ((ProcessLock.Attempt.Taken) again).lock().close();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void whoTriesOrReadsALockInTheSameProcessLeavesItTaken() throws IOException {
    Path file = folder.resolve("lock");
    ProcessLock.Attempt.Taken taken =
        (ProcessLock.Attempt.Taken) ProcessLock.tryTake(file, "indexer run, process 7");
    String line = ":%s ".formatted(Files.getAttribute(file, "unix:ino"));
    // Not of each file system, such as layered ones.
    assumeThat(Files.readString(Path.of("/proc/locks"))).contains(line);

    assertThat(ProcessLock.tryTake(folder.resolve("../" + folder.getFileName() + "/lock"), "b"))
        .isInstanceOf(ProcessLock.Attempt.Held.class);
    assertThat(ProcessLock.lastHolder(file)).contains("indexer run, process 7");
    assertThat(Files.readString(Path.of("/proc/locks"))).contains(line);

    taken.lock().close();
    taken.lock().close();
    assertThat(Files.readString(Path.of("/proc/locks"))).doesNotContain(line);
    assertThat(ProcessLock.lastHolder(file)).contains("indexer run, process 7");
    assertThat(ProcessLock.lastHolder(folder.resolve("none"))).isEmpty();
    assertThat(ProcessLock.lastHolder(folder.resolve("none/lock"))).isEmpty();
  }

  @Test
  void theDigestOfAFileIsThatOfItsBytes() throws IOException {
    byte[] bytes = "abc".repeat(50_000).getBytes();
    Path file = Files.write(folder.resolve("f"), bytes);

    assertThat(Digest.ofFile(file)).isEqualTo(Digest.of(bytes));
    assertThat(Digest.ofText("abc").hex())
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  }
}
