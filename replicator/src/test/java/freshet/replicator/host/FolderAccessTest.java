package freshet.replicator.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FolderAccessTest {
  private static final Path FOLDER = Path.of("/opt/freshet/data/index");

  @ParameterizedTest(name = "{2} writes below {0} of {1}, writable {3}")
  @CsvSource({
    "/opt/freshet/data/index, freshet, freshet, true, ''",
    "/opt/freshet/data/index, root, root, true, ''",
    // The folder is shared by a group, as volumes of containers are.
    "/opt/freshet/data/index, root, freshet, true, ''",
    "/opt/freshet/data/index, freshet, root, true, is another account's",
    "/opt/freshet/data, freshet, root, true, is another account's",
    // A source tree in a container: root makes data/, which is then its own.
    "/opt/freshet, ann, root, true, ''",
    "/opt/freshet/data/index, root, freshet, false, can't be written to",
    "/opt/freshet, root, freshet, false, can't be written to",
    "/opt/freshet/data, root, root, false, can't be written to",
  })
  void anAccountWritesWhereItDoesNoHarm(
      Path there, String owner, String account, boolean isWritable, String what) {
    assertThat(
            FolderAccess.finding(FOLDER, there, owner, account, isWritable)
                .map(HostFinding::what)
                .orElse(""))
        .contains(what)
        .hasSizeLessThan(what.isEmpty() ? 1 : 200);
  }

  @Test
  void rootIsToldAsWhomToRunIt() {
    assertThat(FolderAccess.finding(FOLDER, FOLDER, "freshet", "root", true))
        .map(HostFinding::toString)
        .contains(
            "/opt/freshet/data/index is another account's, whose daemon could not change what root"
                + " writes there: found /opt/freshet/data/index of freshet, and this runs as root,"
                + " needed the same account for all that writes there; fix: put this before the"
                + " command: runuser -u freshet -- ; or, if root is to run all of it: chown -R root"
                + " /opt/freshet/data/index");
  }

  @Test
  void whoMayNotWriteIsToldWhoseTheFolderIs() {
    assertThat(
            FolderAccess.finding(
                Path.of("/opt/freshet/conf/data/index"),
                Path.of("/opt/freshet/conf"),
                "root",
                "freshet",
                false))
        .map(HostFinding::toString)
        .contains(
            "/opt/freshet/conf/data/index can't be written to: found /opt/freshet/conf of root, and"
                + " this runs as freshet, needed a folder that freshet may write to; fix: correct home or the folder's key in the"
                + " configuration, or: chown -R freshet /opt/freshet/conf");
  }
}
