package freshet.replicator.page;

/**
 * Markup that is being written. Tags and attribute names come from this package's own code; every
 * text and every attribute's value is escaped here, so that no name or reason becomes markup.
 */
final class Html {
  private final StringBuilder markup = new StringBuilder();

  /**
   * Opens an element.
   *
   * @param attributes names and values in turn
   */
  Html open(String tag, String... attributes) {
    markup.append('<').append(tag);
    for (int i = 0; i < attributes.length; i += 2) {
      markup.append(' ').append(attributes[i]).append("=\"");
      escape(attributes[i + 1]);
      markup.append('"');
    }
    markup.append('>');
    return this;
  }

  /** Closes it. */
  Html close(String tag) {
    markup.append("</").append(tag).append('>');
    return this;
  }

  /** An element that holds nothing but text. */
  Html element(String tag, String text, String... attributes) {
    return open(tag, attributes).text(text).close(tag);
  }

  /** Text of ours. */
  Html text(String text) {
    escape(text);
    return this;
  }

  /** Text of others, whose writing direction stays its own. */
  Html foreign(String text) {
    return element("bdi", text);
  }

  /** Markup that was written elsewhere in this way. */
  Html add(Html other) {
    markup.append(other.markup);
    return this;
  }

  @Override
  public String toString() {
    return markup.toString();
  }

  private void escape(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> markup.append("&amp;");
        case '<' -> markup.append("&lt;");
        case '>' -> markup.append("&gt;");
        case '"' -> markup.append("&quot;");
        case '\'' -> markup.append("&#39;");
        default -> markup.append(isShown(text, i) ? c : '\ufffd');
      }
    }
  }

  /** Embeddings, overrides and isolates: one in a reason would turn the words after it round. */
  private static boolean isTurning(char c) {
    return (c >= '\u202a' && c <= '\u202e') || (c >= '\u2066' && c <= '\u2069');
  }

  /** HTML has no way to write most control characters, and UTF-8 none for half a pair. */
  private static boolean isShown(String text, int at) {
    char c = text.charAt(at);
    if (Character.isHighSurrogate(c)) {
      return at + 1 < text.length() && Character.isLowSurrogate(text.charAt(at + 1));
    }
    if (Character.isLowSurrogate(c)) {
      return at > 0 && Character.isHighSurrogate(text.charAt(at - 1));
    }
    return c == '\n' || c == '\t' || !(Character.isISOControl(c) || isTurning(c));
  }
}
