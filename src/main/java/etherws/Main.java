package etherws;

import etherws.cli.Etherws;

/** Argv in, exit status out; nothing else. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.exit(Etherws.run(args));
  }
}
