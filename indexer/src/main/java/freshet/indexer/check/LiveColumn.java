package freshet.indexer.check;

import freshet.replicator.snapshot.KeyType;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A column as the server has it.
 *
 * @param type in lower case, as in a declaration
 * @param isNullable whether it may be NULL
 * @param charset of text; null for other types
 * @param collation of text; null for other types
 * @param declaration all of it after the name, as SHOW CREATE TABLE prints it; empty for a view
 */
public record LiveColumn(
    String type,
    boolean isNullable,
    @Nullable String charset,
    @Nullable String collation,
    String declaration) {
  private static final Pattern INTEGER = Pattern.compile("(?:tiny|small|medium|big)?int\\b.*");
  private static final Pattern STAMPED =
      Pattern.compile("(?i)\\b(?:current_timestamp|localtimestamp|localtime|now)\\b");

  /** The type without digits and all that, such as {@code decimal}. */
  public String baseType() {
    return type.replaceAll("[( ].*", "");
  }

  /** The digits of a second's fraction of a point in time. */
  public int digits() {
    return type.matches("[a-z]+\\([0-6]\\).*") ? type.charAt(type.indexOf('(') + 1) - '0' : 0;
  }

  /** Whether the server stamps it by itself, by the clock of the session. */
  public boolean isStamped() {
    return STAMPED.matcher(declaration).find();
  }

  /** As what it can be a column of a key; empty if it can't. */
  public Optional<KeyType> keyType() {
    if (collation != null) {
      return Optional.of(KeyType.STRING);
    }
    if (INTEGER.matcher(type).matches()) {
      return Optional.of(type.contains("unsigned") ? KeyType.BIGINT_UNSIGNED : KeyType.BIGINT);
    }
    return type.contains("binary") || type.contains("blob")
        ? Optional.of(KeyType.BINARY)
        : Optional.empty();
  }

  /** The declaration with NOT NULL, and nothing else changed. */
  String notNull() {
    return declared(type, collation);
  }

  /** The declaration with NOT NULL, compared byte by byte. */
  String binary() {
    return declared(type, exactCollation());
  }

  /** Whether its texts are compared byte by byte, as those of an index are. */
  boolean isExact() {
    return collation == null || collation.endsWith("_bin") || collation.equals("binary");
  }

  /** The collation of text by which it is, or would be, compared byte by byte. */
  @Nullable String exactCollation() {
    return isExact() ? collation : charset + "_bin";
  }

  /** The declaration of a point in time with NOT NULL and so many digits of a second's fraction. */
  String withDigits(int digits) {
    String precision = "(" + digits + ")";
    return declared(type.replaceFirst("\\(.*", "") + precision, collation)
        .replaceAll("(?i)current_timestamp(\\(\\d?\\))?", "CURRENT_TIMESTAMP" + precision);
  }

  /** What the column does by itself, such as ON UPDATE, must survive a change of its type. */
  private String declared(String otherType, @Nullable String otherCollation) {
    boolean isAsPrinted = declaration.toLowerCase(Locale.ROOT).startsWith(type);
    String rest = isAsPrinted ? declaration.substring(type.length()) : "";
    int comment = rest.indexOf(" COMMENT '");
    String attributes = comment < 0 ? rest : rest.substring(0, comment);
    return otherType
        + (otherCollation == null ? "" : " CHARACTER SET " + charset + " COLLATE " + otherCollation)
        + " NOT NULL"
        + attributes.replaceAll(
            "(?i) (CHARACTER SET \\w+|COLLATE \\w+|NOT NULL|DEFAULT NULL|NULL)(?= |$)", "")
        + (comment < 0 ? "" : rest.substring(comment));
  }
}
