package freshet.replicator.config;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts the environment into values. A reference names a variable in braces after a dollar sign, and
 * may give a default after {@code :-}; a doubled dollar sign before the brace stands for itself.
 */
final class Environment {
  private static final Pattern REFERENCE =
      Pattern.compile("\\$\\$\\{|\\$\\{([^}:]*)(?::-([^}]*))?(\\}?)");
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private final Map<String, String> variables;

  Environment(Map<String, String> variables) {
    this.variables = Map.copyOf(variables);
  }

  /**
   * The text with every reference replaced.
   *
   * @param isSecret whether a default would be one that stands in the configuration
   * @throws IllegalArgumentException if a reference has no form or no value; the message says what
   *     was expected
   */
  String expand(String text, boolean isSecret) {
    StringBuilder out = new StringBuilder();
    Matcher matcher = REFERENCE.matcher(text);
    while (matcher.find()) {
      String name = matcher.group(1);
      if (name == null) {
        matcher.appendReplacement(out, Matcher.quoteReplacement("${"));
        continue;
      }
      if (!NAME.matcher(name).matches() || !"}".equals(matcher.group(3))) {
        throw new IllegalArgumentException(
            "a reference is written ${NAME} or ${NAME:-default}, a plain ${ as $${");
      }
      String value = variables.get(name);
      String otherwise = matcher.group(2);
      if (value == null || (value.isEmpty() && otherwise != null)) {
        if (otherwise == null) {
          throw new IllegalArgumentException(
              "the environment variable %s is not set: set it, or %s"
                  .formatted(
                      name,
                      isSecret
                          ? "name a file that holds the secret, by the key of the same name with _file behind it"
                          : "write ${%s:-default}".formatted(name)));
        }
        value = otherwise;
      }
      matcher.appendReplacement(out, Matcher.quoteReplacement(value));
    }
    return matcher.appendTail(out).toString();
  }
}
