package etherws.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import etherws.linux.Arguments;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Passwords that were given as arguments, which {@code ps} would show as long as we run. */
final class HiddenArguments {
  private static final Set<String> SECRETS = Set.of("--passwd", "--ctlpasswd");
  private static final Pattern IN_OPTION = Pattern.compile("--(?:passwd|ctlpasswd)=(.*)");
  private static final Pattern IN_URI = Pattern.compile("\\w+://[^/:@]*:(.*)@.*");

  /** A proxy needs no {@code http://} before it. */
  private static final Pattern BARE =
      Pattern.compile("(?:--proxy=)?[\\w.%+-]+:(?!//)(.*)@[\\w.-]+(?::\\d+)?");

  private HiddenArguments() {}

  /** Puts asterisks over the passwords, where the kernel shows them. */
  static void hide(List<String> arguments) {
    List<String> hidden = hidden(arguments);
    if (!hidden.equals(arguments)) {
      Arguments.show(hidden);
    }
  }

  static List<String> hidden(List<String> arguments) {
    List<String> hidden = new ArrayList<>();
    boolean secret = false;
    for (String argument : arguments) {
      hidden.add(secret ? asterisks(argument) : inside(argument));
      secret = !secret && SECRETS.contains(argument);
    }
    return hidden;
  }

  private static String inside(String argument) {
    for (Pattern pattern : List.of(IN_OPTION, IN_URI, BARE)) {
      Matcher matcher = pattern.matcher(argument);
      if (pattern == IN_URI ? matcher.find() : matcher.matches()) {
        return argument.substring(0, matcher.start(1))
            + asterisks(matcher.group(1))
            + argument.substring(matcher.end(1));
      }
    }
    return argument;
  }

  /** As many as the password has octets. */
  private static String asterisks(String password) {
    return "*".repeat(password.getBytes(UTF_8).length);
  }
}
