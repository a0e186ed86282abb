package freshet.replicator.http;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which part of a representation a request asks for (RFC 9110, section 14). Pure. */
public sealed interface ByteRange {

  /** All of it: no range, several ranges, or one that is to be ignored. */
  record Whole() implements ByteRange {}

  /** These bytes, at least one. */
  record Part(long offset, long length) implements ByteRange {
    /** The value of Content-Range. */
    public String contentRange(long total) {
      return "bytes %d-%d/%d".formatted(offset, offset + length - 1, total);
    }
  }

  /** Nothing that there is. */
  record Unsatisfiable() implements ByteRange {}

  /**
   * What to send.
   *
   * @param range the Range header
   * @param ifRange the If-Range header; with another tag than this one the whole is sent
   * @param etag of what there is, quoted
   * @param total length of what there is
   */
  static ByteRange of(Optional<String> range, Optional<String> ifRange, String etag, long total) {
    if (range.isEmpty() || (ifRange.isPresent() && !ifRange.get().equals(etag))) {
      return new Whole();
    }
    Matcher matcher = Form.SINGLE.matcher(range.get().strip());
    if (!matcher.matches()) {
      return new Whole();
    }
    String first = matcher.group(1);
    String last = matcher.group(2);
    if (first.isEmpty()) {
      return last.isEmpty() ? new Whole() : suffix(Long.parseLong(last), total);
    }
    long offset = Long.parseLong(first);
    long end = last.isEmpty() ? total - 1 : Math.min(Long.parseLong(last), total - 1);
    if (!last.isEmpty() && Long.parseLong(last) < offset) {
      return new Whole();
    }
    return offset >= total ? new Unsatisfiable() : new Part(offset, end - offset + 1);
  }

  private static ByteRange suffix(long length, long total) {
    if (length == 0 || total == 0) {
      return new Unsatisfiable();
    }
    long part = Math.min(length, total);
    return new Part(total - part, part);
  }

  /** Holds the form, since an interface's own constant would be public. */
  final class Form {
    private static final Pattern SINGLE = Pattern.compile("bytes=([0-9]{0,18})-([0-9]{0,18})");

    private Form() {}
  }
}
