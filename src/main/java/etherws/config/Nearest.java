package etherws.config;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** The word that was probably meant. */
final class Nearest {
  private static final int FARTHEST = 2;

  private Nearest() {}

  /** The first of those that are nearest by Damerau and Levenshtein; null when none is near. */
  static @Nullable String of(String word, Collection<String> known) {
    String nearest = null;
    int least = Math.min(FARTHEST, word.length() - 1) + 1;
    for (String candidate : known) {
      if (Math.abs(word.length() - candidate.length()) < least
          && distance(word, candidate) < least) {
        nearest = candidate;
        least = distance(word, candidate);
      }
    }
    return nearest;
  }

  /** How many letters to insert, delete, replace, or swap with their neighbours. */
  static int distance(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          cost[i][j] = i + j;
          continue;
        }
        int replace = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int least = Math.min(cost[i - 1][j], cost[i][j - 1]) + 1;
        least = Math.min(least, cost[i - 1][j - 1] + replace);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          least = Math.min(least, cost[i - 2][j - 2] + 1);
        }
        cost[i][j] = least;
      }
    }
    return cost[a.length()][b.length()];
  }
}
