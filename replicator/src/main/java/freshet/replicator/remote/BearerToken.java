package freshet.replicator.remote;

import java.util.regex.Pattern;

/**
 * A secret that says who asks.
 *
 * @param value sent as {@code Authorization: Bearer value}
 */
public record BearerToken(String value) {
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

  /** Checks the form (RFC 6750), without showing the value. */
  public BearerToken {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "a bearer token has letters, digits and . _ ~ + / - only, the one given has others");
    }
  }

  @Override
  public String toString() {
    return "BearerToken[***]";
  }
}
