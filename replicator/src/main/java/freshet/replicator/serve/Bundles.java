package freshet.replicator.serve;

import freshet.replicator.http.HttpAnswer;
import freshet.replicator.snapshot.BundleHead;
import freshet.replicator.snapshot.SnapshotCodec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Puts several files into one answer: a request for each of hundreds takes longer than they do. */
record Bundles(ServedFiles files, CompressedFiles compressed) {

  /**
   * The body of an answer.
   *
   * @param names of files; those that nothing retained names, and what is too much, are left out
   * @param isCompressed whether files may come compressed
   */
  HttpAnswer.Sized of(List<String> names, boolean isCompressed) throws IOException {
    List<BundleHead.Member> members = new ArrayList<>();
    List<HttpAnswer.Sized> bodies = new ArrayList<>();
    long left = BundleHead.MAX_FILE_BYTES;
    for (String name : names) {
      Optional<ServedFile> file = files.find(name);
      if (file.isEmpty() || (file.get().length() > left && !members.isEmpty())) {
        continue;
      }
      Optional<byte[]> small = isCompressed ? smallOf(file.get()) : Optional.empty();
      HttpAnswer.Sized body =
          small.isPresent()
              ? new HttpAnswer.Bytes(small.get())
              : new HttpAnswer.FilePart(file.get().path(), 0, file.get().length());
      members.add(new BundleHead.Member(name, body.length(), small.isPresent()));
      bodies.add(body);
      left -= body.length();
    }
    bodies.addFirst(new HttpAnswer.Bytes(line(new BundleHead(members))));
    return new HttpAnswer.Parts(bodies);
  }

  private Optional<byte[]> smallOf(ServedFile file) throws IOException {
    try {
      return compressed.of(file);
    } catch (NoSuchFileException e) {
      // Collected a moment ago. Whoever reads on finds that out.
      return Optional.empty();
    }
  }

  private static byte[] line(BundleHead head) {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    line.writeBytes(SnapshotCodec.write(head));
    line.write('\n');
    return line.toByteArray();
  }
}
