package freshet.replicator.archive;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.zstandard.ZstdCompressorInputStream;
import org.apache.commons.compress.compressors.zstandard.ZstdCompressorOutputStream;

/** The members of an archive, to be changed and written again. */
final class MadeArchive {
  final List<Member> members = new ArrayList<>();

  /** What is in there, of any kind. */
  record Member(String name, byte kind, String link, byte[] bytes) {
    static Member file(String name, byte... bytes) {
      return new Member(name, TarConstants.LF_NORMAL, "", bytes);
    }
  }

  static MadeArchive read(Path file) throws IOException {
    MadeArchive made = new MadeArchive();
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new ZstdCompressorInputStream(Files.newInputStream(file)))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        made.members.add(Member.file(entry.getName(), tar.readAllBytes()));
      }
    }
    return made;
  }

  /** The tar itself. */
  byte[] tar() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      for (Member member : members) {
        TarArchiveEntry entry = new TarArchiveEntry(member.name, member.kind, true);
        entry.setLinkName(member.link);
        entry.setSize(member.bytes.length);
        tar.putArchiveEntry(entry);
        tar.write(member.bytes);
        tar.closeArchiveEntry();
      }
    }
    return bytes.toByteArray();
  }

  static byte[] zstd(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZstdCompressorOutputStream zstd =
        ZstdCompressorOutputStream.builder().setOutputStream(out).setChecksum(true).get()) {
      new ByteArrayInputStream(bytes).transferTo(zstd);
    }
    return out.toByteArray();
  }

  /** Where the first member is whose name ends so. */
  int find(String suffix) {
    for (int i = 0; i < members.size(); i++) {
      if (members.get(i).name.endsWith(suffix)) {
        return i;
      }
    }
    throw new IllegalArgumentException("no member ends in " + suffix);
  }

  /** The same member with other bytes. */
  void replace(int index, byte... bytes) {
    members.set(index, Member.file(members.get(index).name, bytes));
  }

  /** The same member with one bit changed. */
  void flip(int index) {
    byte[] bytes = members.get(index).bytes.clone();
    bytes[bytes.length / 2] ^= 4;
    replace(index, bytes);
  }
}
