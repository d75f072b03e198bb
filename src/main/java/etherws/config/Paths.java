package etherws.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Values that name files; relative ones start from the folder of the configuration file. */
final class Paths {
  /** A file that need not be there. */
  static final Type<Path> PATH =
      new Type<>("a path", (value, folder) -> absolute(Type.text(value), folder), Paths::written);

  /** A file that we are going to read, see {@link InputFiles#check}. */
  static final Type<Path> INPUT =
      new Type<>(
          "the path of a file",
          (value, folder) -> absolute(Type.text(value), folder),
          Paths::written);

  /** A socket, or none. */
  static final Type<Optional<Path>> SOCKET =
      new Type<>(
          "a path, or false for none",
          (value, folder) ->
              value.equals(false) || value.equals("")
                  ? Optional.empty()
                  : Optional.of(socket(Type.text(value), folder)),
          socket -> socket.map(Paths::written).orElse("false"));

  /** A program and its arguments, which no shell reads. */
  static final Type<List<String>> COMMAND =
      new Type<>(
          "an array of strings: a program and its arguments",
          (value, folder) -> command(Type.WORDS.read(value, folder), folder),
          Type.WORDS.writer());

  /** What a sockaddr_un has room for, less the NUL. */
  private static final int MAX_SOCKET = 107;

  private Paths() {}

  static Path absolute(String text, Path folder) {
    return folder.resolve(text).normalize();
  }

  static Path socket(String text, Path folder) throws WrongValue {
    Path path = absolute(text, folder);
    if (path.toString().getBytes(UTF_8).length > MAX_SOCKET) {
      throw new WrongValue(
          path + " is longer than the %d octets of a socket".formatted(MAX_SOCKET));
    }
    return path;
  }

  /** A bare name is looked for in PATH. */
  private static List<String> command(List<String> words, Path folder) {
    if (words.isEmpty() || !words.getFirst().contains("/")) {
      return words;
    }
    List<String> resolved = new ArrayList<>(words);
    resolved.set(0, absolute(words.getFirst(), folder).toString());
    return List.copyOf(resolved);
  }

  private static String written(Path path) {
    return Type.quote(path.toString());
  }
}
